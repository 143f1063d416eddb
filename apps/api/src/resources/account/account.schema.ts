import { maxPasswordLength } from '@millrace/tenancy';
import { z } from 'zod';
import { emailField, newPasswordField } from '../session/session.schema.js';

const token = z.string().min(1).max(200);

export const verifyEmailBody = z
  .strictObject({ token: token.describe('From the mail, behind the `#` of its link.') })
  .meta({ id: 'VerifyEmail' });
export const forgotPasswordBody = z.strictObject({ email: emailField }).meta({ id: 'ForgotPassword' });
export const resetPasswordBody = z
  .strictObject({ token: token.describe('From the mail, behind the `#` of its link.'), password: newPasswordField })
  .meta({ id: 'ResetPassword' });
export const changePasswordBody = z
  .strictObject({ currentPassword: z.string().min(1).max(maxPasswordLength), newPassword: newPasswordField })
  .meta({ id: 'ChangePassword' });
