export { minimumSecretLength } from './patterns.js';
export { redacted, type RedactionStream, Redactor } from './redactor.js';
