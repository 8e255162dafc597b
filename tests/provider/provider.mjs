// A real OpenID Connect provider on loopback for the tests: `node provider.mjs PORT REDIRECT_URI`.
// Whoever signs in as NAME is NAME@example.org; the address of `unverified-…` is not verified.
import { generateKeyPairSync, randomBytes } from "node:crypto";

import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [{ client_id: "cascade", client_secret: "cascade-and-the-provider", redirect_uris: [redirectUri] }],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "first" }] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  claims: { openid: ["sub", "amr"], email: ["email", "email_verified"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: !id.startsWith("unverified") }),
  }),
});

// Two pages: who are you (and by which methods), and may the cell know your address.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === "GET") {
    const fields = prompt.name === "login" ? '<input name="login"><input name="amr">' : "";
    ctx.body = `<h1>${prompt.name}</h1><form method="post">${fields}<button>Go on</button></form>`;
    ctx.type = "html";
    return undefined;
  }
  const chunks = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const result = form.get("abort")
    ? { error: "access_denied", error_description: "<script>alert(1)</script>" }
    : prompt.name === "login"
      ? { login: { accountId: form.get("login"), amr: form.get("amr") ? [form.get("amr")] : ["pwd"] } }
      : { consent: { grantId: await granted(grantId, session.accountId, params) } };
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
});

async function granted(grantId, accountId, params) {
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return grant.save();
}

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
