/** The wire form of the browser's session: log in, who am I, change the own password, log out. */
import { z } from 'zod';
import { userRoles } from '../../../../configuration/entities/user.ts';
import { accountPermissions } from '../../permission.ts';

export const loginRequestSchema = z
  .strictObject({
    /** Web login, or the extension of a user without one. */
    login: z.string().trim().min(1).max(254),
    password: z.string().min(1).max(256),
  })
  .meta({ id: 'LoginRequest' });

export const sessionSchema = z
  .object({
    account: z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(userRoles),
      language: z.string(),
    }),
    /** Goes into the header X-CSRF-Token of every POST, PATCH, PUT and DELETE of this session. */
    csrfToken: z.string(),
    /** Until it is changed nothing but the own session and password answers (403 `must-change-password`). */
    mustChangePassword: z.boolean(),
    permissions: z.array(z.enum(accountPermissions)),
    /** Shown in the title and the upper bar of the user interface. */
    systemName: z.string(),
    /** What a new web password needs: the hints of the form that asks for one. */
    passwordPolicy: z.object({
      minLength: z.int(),
      needsUpper: z.boolean(),
      needsLower: z.boolean(),
      needsDigit: z.boolean(),
      needsSpecial: z.boolean(),
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

export const passwordChangeRequestSchema = z
  .strictObject({
    currentPassword: z.string().min(1).max(256),
    newPassword: z.string().min(1).max(256),
  })
  .meta({ id: 'PasswordChangeRequest' });
