import { useEffect } from "preact/hooks";
import { findMethods, methods } from "../signin";
import { Code, Fact, Facts, Panel, Skeleton } from "../ui/basic";
import { Command, Configuration, Mark, setting, useSettings } from "./shared";

const yaml = (url: string) => `oidc:
  issuer: https://keycloak.example.org/realms/ops
  client_id: linkops
  client_secret_file: /etc/linkops/oidc-secret
  public_url: ${url}
  display_name: Keycloak
  roles_claim: roles
  admin_values: [linkops-admin]
  operator_values: [linkops-operator]
  viewer_values: [linkops-viewer]`;

export default function IdentityPart() {
  useEffect(() => { void findMethods(); }, []);
  useSettings();
  const ways = methods.value, oidc = ways?.oidc;
  const at = setting("oidc.public_url") ?? location.origin;
  return <div class="part-stack">
    <Panel title="Log-in" aside={<span class="end">{oidc ? <Mark tone="ok">Configured</Mark> : ways ? <Mark tone="unknown">Passwords only</Mark> : null}</span>}>
      {!ways ? <Skeleton rows={3} label="Loading" /> : <div class="pad stack">
        <Facts>
          <Fact name="Passwords">always: at least one admin keeps one, for the day the provider is away</Fact>
          <Fact name="Provider">{oidc ? <>“Log in with {oidc.name}” on the log-in page</> : <span class="dim">none</span>}</Fact>
          {setting("oidc.issuer") && <Fact name="Issuer"><Code text={setting("oidc.issuer")!} label="Copy the issuer" /></Fact>}
          <Fact name="Callback"><Code text={`${at.replace(/\/$/, "")}/api/auth/oidc/callback`} label="Copy the callback address" /></Fact>
        </Facts>
        <p class="dim">The provider must allow exactly this callback address (redirect URI), with PKCE S256, ID tokens signed with RS, PS, ES or EdDSA.</p>
      </div>}
    </Panel>
    <Panel title={oidc ? "How it is set up" : "Set it up"}><div class="pad stack">
      <ol class="steps-list"><li>At the provider: make a confidential client with the callback address above, standard (authorization code) flow only.</li>
        <li>Have the provider put the user’s roles or groups into the ID token.</li>
        <li>Put the client’s secret into a file of mode 600 that belongs to LinkOps’ user.</li>
        <li>Add this to LinkOps’ configuration, with your own values, and restart LinkOps:</li></ol>
      <Command text={yaml(location.origin)} label="Copy the configuration" />
      <p class="dim">Who has none of the values is refused, unless <code>oidc.default_role</code> says otherwise. docs/OIDC.md has Keycloak step by step, and what to write for Authelia, authentik, Dex, Entra ID, GitLab, Google and Okta.</p>
    </div></Panel>
    <Configuration title="Configuration of the provider" keys={["oidc."]} />
  </div>;
}
