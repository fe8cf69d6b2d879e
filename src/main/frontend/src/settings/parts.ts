import type { IconName } from "../ui/icons";

/** The parts of the settings, in the order of the list. */
export const parts = [
  { id: "git", text: "Git", icon: "git", about: "Repository, syncs, held changes, webhook" },
  { id: "users", text: "Users", icon: "users", about: "Who may do what where" },
  { id: "tokens", text: "API tokens", icon: "key", about: "For programs that use the API" },
  { id: "identity", text: "Identity provider", icon: "fingerprint", about: "Log-in with OpenID Connect" },
  { id: "secrets", text: "Secrets", icon: "password", about: "The vault and its master key" },
  { id: "notifications", text: "Notifications", icon: "bell", about: "Webhooks and mails" },
  { id: "retention", text: "Retention", icon: "archive", about: "What is kept for how long" },
  { id: "health", text: "Health", icon: "health", about: "How links are watched" },
  { id: "backup", text: "Backup", icon: "download", about: "Commands for backup, restore and check-up" },
  { id: "appearance", text: "Appearance", icon: "theme", about: "Theme, density, times" },
  { id: "about", text: "About", icon: "info", about: "Version, licences, documentation" },
] as const satisfies readonly { id: string; text: string; icon: IconName; about: string }[];
export type PartId = typeof parts[number]["id"];
