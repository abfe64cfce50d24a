import type { Token } from "./type-tokens.js";

/** A JSON schema, as far as result documents need one. */
export interface Schema {
  description?: string;
  [keyword: string]: unknown;
}

/** What named types are. */
export interface TypeNames {
  /** A reference to the type's schema. Throws for a name that isn't known. */
  refer(name: string): Schema;
  /** The schema that a reference leads to; one that is no reference as it is. */
  expand(schema: Schema): Schema;
}

/** Reads one type and gives its JSON schema. */
export class TypeReader {
  private at = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly names: TypeNames,
  ) {}

  /** The members of an interface, from its opening brace. */
  object(): Schema {
    this.take("{");
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    while (!this.is("}")) {
      const doc = this.peek().doc;
      if (this.is("readonly")) this.at += 1;
      const name = this.next().value;
      const isOptional = this.skip("?");
      this.take(":");
      const schema = this.type();
      properties[name] = doc === undefined ? schema : { description: doc, ...schema };
      if (!isOptional) required.push(name);
      if (!this.skip(";")) this.skip(",");
    }
    this.take("}");
    return { type: "object", properties, required };
  }

  /** A union of one or more types. */
  type(): Schema {
    this.skip("|");
    const options = [this.intersection()];
    while (this.skip("|")) options.push(this.intersection());
    if (options.length === 1) return options[0]!;
    if (options.every((option) => "const" in option)) return { enum: options.map((option) => option.const) };
    return { anyOf: options };
  }

  private intersection(): Schema {
    const parts = [this.postfix()];
    while (this.skip("&")) parts.push(this.postfix());
    return parts.length === 1 ? parts[0]! : { allOf: parts };
  }

  private postfix(): Schema {
    let schema = this.primary();
    while (this.is("[")) {
      this.at += 1;
      if (this.skip("]")) schema = { type: "array", items: schema };
      else {
        schema = member(this.names.expand(schema), this.next().value);
        this.take("]");
      }
    }
    return schema;
  }

  private primary(): Schema {
    const { kind, value } = this.next();
    if (kind === "text") return { const: value };
    if (kind === "number") return { const: Number(value.replaceAll("_", "")) };
    if (value === "{") {
      this.at -= 1;
      return this.object();
    }
    if (value === "(") {
      const schema = this.type();
      this.take(")");
      return schema;
    }
    if (value === "[") return this.tuple();
    if (value === "readonly") return this.postfix();
    return simple[value] ?? (this.skip("<") ? this.generic(value) : this.names.refer(value));
  }

  /** A list of so many types, which may have labels. */
  private tuple(): Schema {
    const members: Schema[] = [];
    while (!this.skip("]")) {
      const start = this.at;
      this.next();
      if (!this.skip(":")) this.at = start;
      members.push(this.type());
      this.skip(",");
    }
    return { type: "array", prefixItems: members, minItems: members.length, maxItems: members.length };
  }

  private generic(name: string): Schema {
    const given = [this.type()];
    while (this.skip(",")) given.push(this.type());
    this.take(">");
    const [first, second] = given as [Schema, Schema];
    if (name === "Array" || name === "ReadonlyArray") return { type: "array", items: first };
    if (name === "Readonly") return first;
    if (name === "Partial") return this.partial(first);
    if (name === "Record") return { type: "object", additionalProperties: second };
    if (name === "NonNullable") return withoutNull(this.names.expand(first));
    throw new Error(`${name}<...>: no schema is known for this generic type`);
  }

  private partial(schema: Schema): Schema {
    const { required: _, allOf, ...rest } = this.names.expand(schema);
    return allOf === undefined
      ? rest
      : { ...rest, allOf: (allOf as Schema[]).map((part) => this.partial(part)) };
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private next(): Token {
    return this.tokens[this.at++]!;
  }

  private is(value: string): boolean {
    const token = this.tokens[this.at];
    return token?.value === value && token.kind !== "text";
  }

  private skip(value: string): boolean {
    if (!this.is(value)) return false;
    this.at += 1;
    return true;
  }

  private take(value: string): void {
    if (!this.skip(value)) throw new Error(`expected ${value}, found ${this.tokens[this.at]?.value}`);
  }
}

const simple: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  null: { type: "null" },
  unknown: {},
  true: { const: true },
  false: { const: false },
};

function withoutNull({ anyOf, ...rest }: Schema): Schema {
  const options = (anyOf as Schema[] | undefined)?.filter(({ type }) => type !== "null");
  return options?.length === 1 ? options[0]! : { ...rest, ...(options && { anyOf: options }) };
}

function member({ properties }: Schema, name: string): Schema {
  const found = (properties as Record<string, Schema> | undefined)?.[name];
  if (found === undefined) throw new Error(`[${name}]: no such member to take the schema of`);
  return found;
}
