import { connectOutput, connectRecipes } from "../../access/connect/recipes";
import { readCertificate } from "../../components/certificateFacts";
import { createPfx } from "../../components/pkcs12/createPfx";
import { derivePfxPassword } from "../../components/pkcs12/password";
import { makeCertificate } from "./certificates";

/** One generation with its key, as a stack makes it. */
export interface SampleGeneration {
  readonly certificate: Record<string, unknown> & { thumbprint: string; name: string };
  readonly pfx: string;
  readonly password: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Makes one generation. */
export function makeGeneration(
  name: string,
  {
    active = true,
    generated = true,
    notAfter,
  }: {
    active?: boolean;
    generated?: boolean;
    notAfter?: Date;
  } = {},
): SampleGeneration {
  const { certificatePem, privateKeyPem } = makeCertificate({
    commonName: "contoso.org",
    ...(notAfter === undefined
      ? {}
      : { notAfter, notBefore: new Date(notAfter.getTime() - 86_400_000) }),
  });
  const facts = readCertificate(certificatePem);
  const password = derivePfxPassword(privateKeyPem, name);
  const pfx = createPfx({
    privateKeyPem,
    certificatePem,
    password,
    encryption: "modern",
    saltSeed: name,
  }).toString("base64");
  const { thumbprint, thumbprintSha256, subject, notBefore, notAfter: end, cer } = facts;
  return {
    certificate: {
      name,
      thumbprint,
      thumbprintSha256,
      subject,
      notBefore,
      notAfter: end,
      active,
      generated,
      cer,
    },
    pfx,
    password,
    certificatePem,
    privateKeyPem,
  };
}

const tenantId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const applicationId = "36ee4c6c-0812-40a2-b820-b22ebd02bce3";
const organization = "contoso.onmicrosoft.com";

/** Outputs of a stack with these generations, secrets in plain, as the command reads them. */
export function sampleOutputs(
  generations: readonly SampleGeneration[],
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  const active = generations.find(({ certificate }) => certificate.active);
  const workloads = ["exchange", "compliance"] as const;
  return {
    outputsVersion: 1,
    tenantId,
    organization,
    cloud: "global",
    applicationId,
    applicationObjectId: "11111111-aaaa-4bbb-8ccc-222222222222",
    servicePrincipalObjectId: "33333333-aaaa-4bbb-8ccc-444444444444",
    workloads: [...workloads],
    permissions: [
      {
        resource: "Office 365 Exchange Online",
        resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
        value: "Exchange.ManageAsApp",
        appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
      },
    ],
    directoryRoles: [{ name: "Global Reader", templateId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" }],
    certificates: generations.map(({ certificate }) => certificate),
    pfxGenerations: Object.fromEntries(
      generations
        .filter(({ certificate }) => certificate.generated)
        .map(({ certificate, pfx, password }) => [certificate.name, { pfx, password }]),
    ),
    federatedCredentials: [],
    connect: connectOutput(
      connectRecipes({
        cloud: "global",
        workloads,
        applicationId,
        organization,
        tenantId,
        ...(active === undefined
          ? {}
          : {
              certificate: {
                thumbprint: active.certificate.thumbprint,
                generation: active.certificate.name,
              },
            }),
        federated: active === undefined,
      }),
    ),
    ...changes,
  };
}
