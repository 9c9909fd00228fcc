/**
 * The resources of `flatProgram` as somebody writes them for Terraform.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azuread/latest/docs
 */
export const terraformProgram = `terraform {
  required_providers {
    azuread = { source = "hashicorp/azuread" }
    tls     = { source = "hashicorp/tls" }
  }
}

provider "azuread" {}

data "azuread_client_config" "deployer" {}

data "azuread_domains" "initial" {
  only_initial = true
}

data "azuread_service_principal" "exchange" {
  client_id = "00000002-0000-0ff1-ce00-000000000000"
}

resource "azuread_application" "application" {
  display_name     = "ExO PowerShell CBA"
  sign_in_audience = "AzureADMyOrg"
  owners           = [data.azuread_client_config.deployer.object_id]

  required_resource_access {
    resource_app_id = data.azuread_service_principal.exchange.client_id

    resource_access {
      id   = "dc50a0fb-09a3-484d-be87-e023b12c6440"
      type = "Role"
    }
  }
}

resource "azuread_service_principal" "principal" {
  client_id = azuread_application.application.client_id
  owners    = [data.azuread_client_config.deployer.object_id]
}

resource "tls_private_key" "key" {
  algorithm = "RSA"
  rsa_bits  = 2048
}

resource "tls_self_signed_cert" "certificate" {
  private_key_pem       = tls_private_key.key.private_key_pem
  dns_names             = ["contoso.org"]
  validity_period_hours = 8760
  allowed_uses          = ["digital_signature", "key_encipherment"]

  subject {
    common_name = "contoso.org"
  }
}

resource "azuread_application_certificate" "credential" {
  application_id = azuread_application.application.id
  type           = "AsymmetricX509Cert"
  encoding       = "pem"
  value          = tls_self_signed_cert.certificate.cert_pem
  start_date     = formatdate("YYYY-MM-DD'T'hh:mm:ss'Z'", tls_self_signed_cert.certificate.validity_start_time)
  end_date       = formatdate("YYYY-MM-DD'T'hh:mm:ss'Z'", tls_self_signed_cert.certificate.validity_end_time)
}

resource "azuread_app_role_assignment" "consent" {
  app_role_id         = "dc50a0fb-09a3-484d-be87-e023b12c6440"
  principal_object_id = azuread_service_principal.principal.object_id
  resource_object_id  = data.azuread_service_principal.exchange.object_id
}

resource "azuread_directory_role_assignment" "role" {
  role_id             = "29232cdf-9323-42fd-ade2-1d097af3e4de"
  principal_object_id = azuread_service_principal.principal.object_id
}

output "application_id" {
  value = azuread_application.application.client_id
}

output "organization" {
  value = data.azuread_domains.initial.domains[0].domain_name
}
`;
