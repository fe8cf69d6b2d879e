-- Scopes narrow what users and tokens may do: a JSON object with targets and scripts, or empty where nothing is narrowed.
ALTER TABLE users ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE api_tokens ADD COLUMN scope TEXT NOT NULL DEFAULT '';
-- Where an attempt came from as the throttle counts it: an IPv4 address, or the /64 of an IPv6 one.
ALTER TABLE auth_attempts ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX auth_attempts_by_network ON auth_attempts (network, success, attempted_at);
