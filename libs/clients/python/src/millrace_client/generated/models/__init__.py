"""Contains all the data models used in inputs/outputs"""

from .accept_invitation import AcceptInvitation
from .accept_invitation_session import AcceptInvitationSession
from .activate_version import ActivateVersion
from .alert import Alert
from .alert_cause import AlertCause
from .alert_event import AlertEvent
from .alert_page import AlertPage
from .alert_state import AlertState
from .api_key import ApiKey
from .api_key_page import ApiKeyPage
from .api_key_scopes_item import ApiKeyScopesItem
from .artifact import Artifact
from .artifact_page import ArtifactPage
from .attempt import Attempt
from .attempt_cost import AttemptCost
from .attempt_cost_category_type_0 import AttemptCostCategoryType0
from .attempt_cost_state import AttemptCostState
from .attempt_error_type_0 import AttemptErrorType0
from .attempt_page import AttemptPage
from .attempt_state import AttemptState
from .attempt_way import AttemptWay
from .audit_event import AuditEvent
from .audit_event_detail import AuditEventDetail
from .audit_event_page import AuditEventPage
from .bundle_validation import BundleValidation
from .bundle_validation_bundle import BundleValidationBundle
from .caller_use import CallerUse
from .cancel_run import CancelRun
from .change_password import ChangePassword
from .connection import Connection
from .connection_options import ConnectionOptions
from .connection_page import ConnectionPage
from .connection_settings import ConnectionSettings
from .connection_settings_options import ConnectionSettingsOptions
from .connection_settings_tls import ConnectionSettingsTls
from .connection_tls import ConnectionTls
from .cost_split import CostSplit
from .create_deployment_activate import CreateDeploymentActivate
from .create_deployment_dirty import CreateDeploymentDirty
from .create_deployment_json_body import CreateDeploymentJsonBody
from .delivery import Delivery
from .delivery_channel import DeliveryChannel
from .delivery_details import DeliveryDetails
from .delivery_details_channel import DeliveryDetailsChannel
from .delivery_details_log_item import DeliveryDetailsLogItem
from .delivery_details_state import DeliveryDetailsState
from .delivery_page import DeliveryPage
from .delivery_state import DeliveryState
from .dependency_change import DependencyChange
from .deployed_version import DeployedVersion
from .deployment import Deployment
from .deployment_dependency import DeploymentDependency
from .deployment_dependency_kind import DeploymentDependencyKind
from .deployment_diff import DeploymentDiff
from .deployment_failure import DeploymentFailure
from .deployment_failure_errors_item import DeploymentFailureErrorsItem
from .deployment_page import DeploymentPage
from .deployment_source import DeploymentSource
from .deployment_state import DeploymentState
from .diff_deployments_json_body import DiffDeploymentsJsonBody
from .diff_side import DiffSide
from .diff_side_kind import DiffSideKind
from .environment import Environment
from .environment_page import EnvironmentPage
from .environment_patch import EnvironmentPatch
from .environment_patch_notify_type_0_item import EnvironmentPatchNotifyType0Item
from .environment_patch_notify_type_0_item_email_type_0_type_0 import (
    EnvironmentPatchNotifyType0ItemEmailType0Type0,
)
from .environment_patch_notify_type_0_item_email_type_1_item_type_0 import (
    EnvironmentPatchNotifyType0ItemEmailType1ItemType0,
)
from .environment_patch_notify_type_0_item_on_type_0 import (
    EnvironmentPatchNotifyType0ItemOnType0,
)
from .environment_patch_notify_type_0_item_on_type_1_item import (
    EnvironmentPatchNotifyType0ItemOnType1Item,
)
from .field_change import FieldChange
from .field_change_change import FieldChangeChange
from .file_change import FileChange
from .file_change_change import FileChangeChange
from .forgot_password import ForgotPassword
from .get_run_log_format import GetRunLogFormat
from .get_task_log_format import GetTaskLogFormat
from .get_usage_group_by import GetUsageGroupBy
from .health import Health
from .health_status import HealthStatus
from .invitation import Invitation
from .invitation_page import InvitationPage
from .invitation_role import InvitationRole
from .invitation_state import InvitationState
from .ledger_entry import LedgerEntry
from .ledger_entry_category import LedgerEntryCategory
from .ledger_entry_kind import LedgerEntryKind
from .ledger_entry_sealed_type_0 import LedgerEntrySealedType0
from .ledger_page import LedgerPage
from .limit import Limit
from .limits import Limits
from .limits_organization_rate import LimitsOrganizationRate
from .limits_rate import LimitsRate
from .list_alerts_event import ListAlertsEvent
from .list_alerts_state import ListAlertsState
from .list_attempts_state import ListAttemptsState
from .list_deliveries_state import ListDeliveriesState
from .list_runners_state import ListRunnersState
from .list_runs_state import ListRunsState
from .list_tasks_state import ListTasksState
from .list_webhook_deliveries_state import ListWebhookDeliveriesState
from .log_gap import LogGap
from .log_in import LogIn
from .log_in_session import LogInSession
from .log_line import LogLine
from .log_line_stream import LogLineStream
from .log_page import LogPage
from .log_page_state_type_0 import LogPageStateType0
from .made_api_key import MadeApiKey
from .made_api_key_scopes_item import MadeApiKeyScopesItem
from .made_invitation import MadeInvitation
from .made_invitation_role import MadeInvitationRole
from .made_invitation_state import MadeInvitationState
from .mailbox_message import MailboxMessage
from .mailbox_page import MailboxPage
from .me import Me
from .me_kind import MeKind
from .me_role_type_0 import MeRoleType0
from .me_scopes_item import MeScopesItem
from .member import Member
from .member_page import MemberPage
from .member_patch import MemberPatch
from .member_patch_role import MemberPatchRole
from .member_role import MemberRole
from .missing_log_lines import MissingLogLines
from .missing_run_log_lines import MissingRunLogLines
from .money import Money
from .new_api_key import NewApiKey
from .new_api_key_scopes_item import NewApiKeyScopesItem
from .new_environment import NewEnvironment
from .new_invitation import NewInvitation
from .new_invitation_role import NewInvitationRole
from .new_pool import NewPool
from .new_pool_min_tier_type_0 import NewPoolMinTierType0
from .new_pool_sandbox_mode import NewPoolSandboxMode
from .new_pool_size import NewPoolSize
from .new_webhook import NewWebhook
from .new_webhook_format import NewWebhookFormat
from .notify_rule import NotifyRule
from .notify_rule_on_item import NotifyRuleOnItem
from .organization import Organization
from .organization_patch import OrganizationPatch
from .organization_ref import OrganizationRef
from .person import Person
from .pipeline import Pipeline
from .pipeline_active_version_type_0 import PipelineActiveVersionType0
from .pipeline_change import PipelineChange
from .pipeline_change_change import PipelineChangeChange
from .pipeline_change_from_type_0 import PipelineChangeFromType0
from .pipeline_change_to_type_0 import PipelineChangeToType0
from .pipeline_page import PipelinePage
from .pool import Pool
from .pool_latency import PoolLatency
from .pool_latency_start import PoolLatencyStart
from .pool_latency_ways_item import PoolLatencyWaysItem
from .pool_latency_ways_item_way import PoolLatencyWaysItemWay
from .pool_min_tier_type_0 import PoolMinTierType0
from .pool_page import PoolPage
from .pool_patch import PoolPatch
from .pool_patch_min_tier_type_0 import PoolPatchMinTierType0
from .pool_patch_sandbox_mode import PoolPatchSandboxMode
from .pool_patch_size import PoolPatchSize
from .pool_runners import PoolRunners
from .pool_sandbox_mode import PoolSandboxMode
from .pool_size import PoolSize
from .problem import Problem
from .problem_detail import ProblemDetail
from .promote_deployment import PromoteDeployment
from .readiness import Readiness
from .readiness_missing_item import ReadinessMissingItem
from .refresh_token import RefreshToken
from .reset_password import ResetPassword
from .rotate_webhook_secret import RotateWebhookSecret
from .run import Run
from .run_cost import RunCost
from .run_event import RunEvent
from .run_event_page import RunEventPage
from .run_event_state import RunEventState
from .run_event_type import RunEventType
from .run_log_line import RunLogLine
from .run_log_line_stream import RunLogLineStream
from .run_log_page import RunLogPage
from .run_page import RunPage
from .run_params import RunParams
from .run_state import RunState
from .run_tasks import RunTasks
from .runner import Runner
from .runner_page import RunnerPage
from .runner_state import RunnerState
from .secret import Secret
from .secret_page import SecretPage
from .secret_value import SecretValue
from .session import Session
from .sign_up import SignUp
from .sign_up_organization import SignUpOrganization
from .sign_up_session import SignUpSession
from .start_pipeline_run import StartPipelineRun
from .start_pipeline_run_params import StartPipelineRunParams
from .start_run import StartRun
from .start_run_params import StartRunParams
from .task_change import TaskChange
from .task_change_change import TaskChangeChange
from .task_cost import TaskCost
from .task_instance import TaskInstance
from .task_instance_instances_type_0 import TaskInstanceInstancesType0
from .task_instance_page import TaskInstancePage
from .task_instance_state import TaskInstanceState
from .task_output import TaskOutput
from .task_output_page import TaskOutputPage
from .timeline_entry import TimelineEntry
from .timeline_entry_state import TimelineEntryState
from .timeline_entry_way import TimelineEntryWay
from .timeline_page import TimelinePage
from .usage import Usage
from .usage_group_by import UsageGroupBy
from .usage_line import UsageLine
from .valid_pipeline import ValidPipeline
from .validate_bundle_json_body import ValidateBundleJsonBody
from .variable import Variable
from .variable_page import VariablePage
from .variable_value import VariableValue
from .verify_email import VerifyEmail
from .version import Version
from .version_detail import VersionDetail
from .version_detail_files_item import VersionDetailFilesItem
from .version_detail_notify_type_0_item import VersionDetailNotifyType0Item
from .version_detail_notify_type_0_item_on_item import (
    VersionDetailNotifyType0ItemOnItem,
)
from .version_page import VersionPage
from .webhook import Webhook
from .webhook_format import WebhookFormat
from .webhook_page import WebhookPage
from .webhook_patch import WebhookPatch
from .webhook_with_secret import WebhookWithSecret
from .webhook_with_secret_format import WebhookWithSecretFormat

__all__ = (
    "AcceptInvitation",
    "AcceptInvitationSession",
    "ActivateVersion",
    "Alert",
    "AlertCause",
    "AlertEvent",
    "AlertPage",
    "AlertState",
    "ApiKey",
    "ApiKeyPage",
    "ApiKeyScopesItem",
    "Artifact",
    "ArtifactPage",
    "Attempt",
    "AttemptCost",
    "AttemptCostCategoryType0",
    "AttemptCostState",
    "AttemptErrorType0",
    "AttemptPage",
    "AttemptState",
    "AttemptWay",
    "AuditEvent",
    "AuditEventDetail",
    "AuditEventPage",
    "BundleValidation",
    "BundleValidationBundle",
    "CallerUse",
    "CancelRun",
    "ChangePassword",
    "Connection",
    "ConnectionOptions",
    "ConnectionPage",
    "ConnectionSettings",
    "ConnectionSettingsOptions",
    "ConnectionSettingsTls",
    "ConnectionTls",
    "CostSplit",
    "CreateDeploymentActivate",
    "CreateDeploymentDirty",
    "CreateDeploymentJsonBody",
    "Delivery",
    "DeliveryChannel",
    "DeliveryDetails",
    "DeliveryDetailsChannel",
    "DeliveryDetailsLogItem",
    "DeliveryDetailsState",
    "DeliveryPage",
    "DeliveryState",
    "DependencyChange",
    "DeployedVersion",
    "Deployment",
    "DeploymentDependency",
    "DeploymentDependencyKind",
    "DeploymentDiff",
    "DeploymentFailure",
    "DeploymentFailureErrorsItem",
    "DeploymentPage",
    "DeploymentSource",
    "DeploymentState",
    "DiffDeploymentsJsonBody",
    "DiffSide",
    "DiffSideKind",
    "Environment",
    "EnvironmentPage",
    "EnvironmentPatch",
    "EnvironmentPatchNotifyType0Item",
    "EnvironmentPatchNotifyType0ItemEmailType0Type0",
    "EnvironmentPatchNotifyType0ItemEmailType1ItemType0",
    "EnvironmentPatchNotifyType0ItemOnType0",
    "EnvironmentPatchNotifyType0ItemOnType1Item",
    "FieldChange",
    "FieldChangeChange",
    "FileChange",
    "FileChangeChange",
    "ForgotPassword",
    "GetRunLogFormat",
    "GetTaskLogFormat",
    "GetUsageGroupBy",
    "Health",
    "HealthStatus",
    "Invitation",
    "InvitationPage",
    "InvitationRole",
    "InvitationState",
    "LedgerEntry",
    "LedgerEntryCategory",
    "LedgerEntryKind",
    "LedgerEntrySealedType0",
    "LedgerPage",
    "Limit",
    "Limits",
    "LimitsOrganizationRate",
    "LimitsRate",
    "ListAlertsEvent",
    "ListAlertsState",
    "ListAttemptsState",
    "ListDeliveriesState",
    "ListRunnersState",
    "ListRunsState",
    "ListTasksState",
    "ListWebhookDeliveriesState",
    "LogGap",
    "LogIn",
    "LogInSession",
    "LogLine",
    "LogLineStream",
    "LogPage",
    "LogPageStateType0",
    "MadeApiKey",
    "MadeApiKeyScopesItem",
    "MadeInvitation",
    "MadeInvitationRole",
    "MadeInvitationState",
    "MailboxMessage",
    "MailboxPage",
    "Me",
    "MeKind",
    "Member",
    "MemberPage",
    "MemberPatch",
    "MemberPatchRole",
    "MemberRole",
    "MeRoleType0",
    "MeScopesItem",
    "MissingLogLines",
    "MissingRunLogLines",
    "Money",
    "NewApiKey",
    "NewApiKeyScopesItem",
    "NewEnvironment",
    "NewInvitation",
    "NewInvitationRole",
    "NewPool",
    "NewPoolMinTierType0",
    "NewPoolSandboxMode",
    "NewPoolSize",
    "NewWebhook",
    "NewWebhookFormat",
    "NotifyRule",
    "NotifyRuleOnItem",
    "Organization",
    "OrganizationPatch",
    "OrganizationRef",
    "Person",
    "Pipeline",
    "PipelineActiveVersionType0",
    "PipelineChange",
    "PipelineChangeChange",
    "PipelineChangeFromType0",
    "PipelineChangeToType0",
    "PipelinePage",
    "Pool",
    "PoolLatency",
    "PoolLatencyStart",
    "PoolLatencyWaysItem",
    "PoolLatencyWaysItemWay",
    "PoolMinTierType0",
    "PoolPage",
    "PoolPatch",
    "PoolPatchMinTierType0",
    "PoolPatchSandboxMode",
    "PoolPatchSize",
    "PoolRunners",
    "PoolSandboxMode",
    "PoolSize",
    "Problem",
    "ProblemDetail",
    "PromoteDeployment",
    "Readiness",
    "ReadinessMissingItem",
    "RefreshToken",
    "ResetPassword",
    "RotateWebhookSecret",
    "Run",
    "RunCost",
    "RunEvent",
    "RunEventPage",
    "RunEventState",
    "RunEventType",
    "RunLogLine",
    "RunLogLineStream",
    "RunLogPage",
    "Runner",
    "RunnerPage",
    "RunnerState",
    "RunPage",
    "RunParams",
    "RunState",
    "RunTasks",
    "Secret",
    "SecretPage",
    "SecretValue",
    "Session",
    "SignUp",
    "SignUpOrganization",
    "SignUpSession",
    "StartPipelineRun",
    "StartPipelineRunParams",
    "StartRun",
    "StartRunParams",
    "TaskChange",
    "TaskChangeChange",
    "TaskCost",
    "TaskInstance",
    "TaskInstanceInstancesType0",
    "TaskInstancePage",
    "TaskInstanceState",
    "TaskOutput",
    "TaskOutputPage",
    "TimelineEntry",
    "TimelineEntryState",
    "TimelineEntryWay",
    "TimelinePage",
    "Usage",
    "UsageGroupBy",
    "UsageLine",
    "ValidateBundleJsonBody",
    "ValidPipeline",
    "Variable",
    "VariablePage",
    "VariableValue",
    "VerifyEmail",
    "Version",
    "VersionDetail",
    "VersionDetailFilesItem",
    "VersionDetailNotifyType0Item",
    "VersionDetailNotifyType0ItemOnItem",
    "VersionPage",
    "Webhook",
    "WebhookFormat",
    "WebhookPage",
    "WebhookPatch",
    "WebhookWithSecret",
    "WebhookWithSecretFormat",
)
