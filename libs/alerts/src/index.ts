export { type Mail, oweMail, type SendMail } from './mail.js';
