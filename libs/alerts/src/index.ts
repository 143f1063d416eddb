export { MailboxTransport } from './adapters/pg/mailbox-transport.js';
export { NoMailTransport, type SmtpOptions, SmtpTransport } from './adapters/smtp/smtp-transport.js';
export { type Alert, type AlertEvent, type AlertState, type AlertTiming, timingOf } from './alert.js';
export { type Channel, type DeliveryState, deliveryStates, patienceMs } from './delivery.js';
export { type Mail, oweMail, type SendMail } from './mail.js';
export {
  MailRefused,
  type MailTransport,
  type WebhookAnswer,
  type WebhookRequest,
  type WebhookTransport,
} from './ports.js';
export { type AlertFilter, findAlert, listAlerts, type ListedAlert } from './readers/alerts.js';
export {
  type Delivery,
  type DeliveryAttempt,
  type DeliveryFilter,
  findDelivery,
  listDeliveries,
  readDeliveryDetails,
} from './readers/deliveries.js';
export { findMailboxMessage, listMailbox, type MailboxMessage } from './readers/mailbox.js';
export { requireWebhooks } from './targets.js';
export { AttemptDelivery, type AttemptDeliveryParts, type AttemptResult } from './use-cases/attempt-delivery.js';
export { forgetDeliveries, type Retention } from './use-cases/forget-deliveries.js';
export { RecordMissedDeadline } from './use-cases/record-missed-deadline.js';
export { oweDeliveriesAgain } from './use-cases/owe-deliveries-again.js';
export { RecordRunEnd } from './use-cases/record-run-end.js';
export { RecoverAlerts } from './use-cases/recover-alerts.js';
export { replayDelivery } from './use-cases/replay-delivery.js';
export { TellAlert } from './use-cases/tell-alert.js';
export { testWebhook } from './use-cases/test-webhook.js';
export {
  changeWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  maxWebhooks,
  type Webhook,
  type WebhookFormat,
  webhookFormats,
  WebhookSecrets,
  type WebhookWithSecret,
} from './webhook.js';
