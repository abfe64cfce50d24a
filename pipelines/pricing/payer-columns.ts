import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { PricingPlan } from "../../models/pricing/plan.js";
import { quotaUnits } from "../../models/pricing/plan-cost.js";
import { mapVolume, scaleVolume, type Volume, volumeFields } from "../../models/pricing/volume.js";

/** A month of every cluster: payers, and the sessions of requests that name no payer. Columns have one entry a cluster. */
export interface PayerColumns {
  /** One column a field of {@link volumeFields}, in that order. */
  volume: Float64Array[];
  billed: Float64Array;
  successes: Float64Array;
  /** 1 for a payer, 0 for a session. */
  seats: Float64Array;
  /** By plan: calls or tokens above each payer's own quota; all 0 for plans without one. */
  excess: Float64Array[];
}

/** A row of payer-days.sql. */
interface PayerDay extends Volume {
  cluster: string;
  is_payer: boolean;
  day: string;
  successes: number;
  billed_usd: number;
}

/** Read what each payer sent, day by day, and make a month of it.
 * @param options.factor months' days over the log's days
 * @param options.plans whose quotas by user are held against each payer's days, or month */
export async function readPayerColumns(
  engine: Engine,
  options: {
    plans: readonly PricingPlan[];
    payer: string;
    factor: number;
    needs: { tokens: boolean; list: boolean };
  },
): Promise<PayerColumns> {
  const { plans, payer, factor, needs } = options;
  const payers = new PayerBuilder(plans, factor);
  const parameters = { payer, needs_tokens: needs.tokens, needs_list: needs.list };
  const sql = readSql("pipelines/pricing/payer-days.sql");
  for await (const rows of engine.chunks<PayerDay>(sql, parameters)) for (const row of rows) payers.add(row);
  return payers.finish();
}

class PayerBuilder {
  private readonly volume = volumeFields.map(() => [] as number[]);
  private readonly billed: number[] = [];
  private readonly successes: number[] = [];
  private readonly seats: number[] = [];
  private readonly excess: number[][];
  private current: PayerDay | null = null;
  private dailyExcess: number[] = [];

  constructor(
    private readonly plans: readonly PricingPlan[],
    private readonly factor: number,
  ) {
    this.excess = plans.map(() => []);
  }

  /** @param row of the same cluster as the one before, or of the next */
  add(row: PayerDay): void {
    if (this.current?.cluster === row.cluster) {
      const before = this.current;
      this.current = {
        ...before,
        ...mapVolume((field) => before[field] + row[field]),
        successes: before.successes + row.successes,
        billed_usd: before.billed_usd + row.billed_usd,
      };
    } else {
      this.close();
      this.current = row;
      this.dailyExcess = this.plans.map(() => 0);
    }
    this.plans.forEach((plan, i) => {
      if (row.is_payer && hasQuota(plan, "day")) this.dailyExcess[i]! += above(plan, row);
    });
  }

  finish(): PayerColumns {
    this.close();
    return {
      volume: this.volume.map((column) => Float64Array.from(column)),
      billed: Float64Array.from(this.billed),
      successes: Float64Array.from(this.successes),
      seats: Float64Array.from(this.seats),
      excess: this.excess.map((column) => Float64Array.from(column)),
    };
  }

  private close(): void {
    const days = this.current;
    if (days === null) return;
    const month = scaleVolume(days, this.factor);
    volumeFields.forEach((field, k) => {
      this.volume[k]!.push(month[field]);
    });
    this.billed.push(days.billed_usd * this.factor);
    this.successes.push(days.successes * this.factor);
    this.seats.push(days.is_payer ? 1 : 0);
    this.plans.forEach((plan, i) => {
      const monthly = days.is_payer && hasQuota(plan, "month") ? above(plan, month) : 0;
      this.excess[i]!.push(this.dailyExcess[i]! * this.factor + monthly);
    });
  }
}

function hasQuota({ subscription }: PricingPlan, period: "day" | "month"): boolean {
  return subscription?.per === "user" && subscription.included?.period === period;
}

function above(plan: PricingPlan, volume: Volume): number {
  return Math.max(0, quotaUnits(plan, volume) - plan.subscription!.included!.amount);
}
