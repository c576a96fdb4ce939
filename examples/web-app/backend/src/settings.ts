import { z } from "zod";

const environment = z.object({
  PORT: z.coerce.number().int().positive().default(3000),
  DATABASE_URL: z.string().url().optional(),
  JWT_SECRET: z.string().min(16),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

export type Settings = z.infer<typeof environment>;

/** Reads the environment; throws with every value that does not fit. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return environment.parse(env);
}
