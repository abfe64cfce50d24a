/** Columns of the FOCUS-shaped export, in the order of the file: FinOps Open Cost and Usage Specification 1.2, the part that
 * token spend can fill. Times are ISO 8601 UTC, the end exclusive. A cost is null where no price is known.
 * @see https://focus.finops.org/focus-specification/v1-2/ */
export interface FocusRow {
  BilledCost: number | null;
  BillingAccountId: string | null;
  BillingCurrency: "USD";
  BillingPeriodStart: string;
  BillingPeriodEnd: string;
  ChargeCategory: "Usage";
  ChargeClass: null;
  ChargeDescription: string;
  ChargeFrequency: "Usage-Based";
  ChargePeriodStart: string;
  ChargePeriodEnd: string;
  ConsumedQuantity: number | null;
  ConsumedUnit: "Tokens" | null;
  ContractedCost: number | null;
  EffectiveCost: number | null;
  InvoiceIssuerName: string | null;
  ListCost: number | null;
  /** USD for one token. */
  ListUnitPrice: number | null;
  PricingCategory: "Standard" | null;
  PricingCurrency: "USD";
  PricingQuantity: number | null;
  PricingUnit: "Tokens" | null;
  ProviderName: string | null;
  PublisherName: string | null;
  ServiceCategory: "AI and Machine Learning";
  ServiceName: string;
  ServiceSubcategory: "Generative AI";
  SkuId: string;
  SkuMeter: string;
  SkuPriceDetails: string;
  SkuPriceId: string | null;
  /** API key alias as the log knows it. */
  SubAccountId: string | null;
  Tags: string;
}

/** Column names in the order of the file. */
export const focusColumns = [
  "BilledCost",
  "BillingAccountId",
  "BillingCurrency",
  "BillingPeriodStart",
  "BillingPeriodEnd",
  "ChargeCategory",
  "ChargeClass",
  "ChargeDescription",
  "ChargeFrequency",
  "ChargePeriodStart",
  "ChargePeriodEnd",
  "ConsumedQuantity",
  "ConsumedUnit",
  "ContractedCost",
  "EffectiveCost",
  "InvoiceIssuerName",
  "ListCost",
  "ListUnitPrice",
  "PricingCategory",
  "PricingCurrency",
  "PricingQuantity",
  "PricingUnit",
  "ProviderName",
  "PublisherName",
  "ServiceCategory",
  "ServiceName",
  "ServiceSubcategory",
  "SkuId",
  "SkuMeter",
  "SkuPriceDetails",
  "SkuPriceId",
  "SubAccountId",
  "Tags",
] as const satisfies ReadonlyArray<keyof FocusRow>;
