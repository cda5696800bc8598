/** A JSON Schema to the JSON that it allows: what cannot be held to is refused, and nothing left out in silence. */
import { isObject } from '#core/is-object';
import { choice, repeat, rule, sequence, text, type Expression, type Grammar } from './expression';
import { badSchema } from './faults';
import { checkSize } from './limits';
import { checkEnds } from './ends';
import { formatted } from './formats';
import { CHARACTER, COLON, COMMA, JSON_RULES, list, quoted } from './json';
import { asSchema, count, counting, typesOf, type Schema, type TypeName } from './keywords';
import { disjoint, merged, typeOfValue, valuesOf } from './merge';
import { notNamed } from './not-named';
import { integers, numbers } from './numbers';
import { matching } from './pattern';
import { pointedAt } from './pointer';

/** Alternatives that one value may come to have, where schemas are put together. */
const MOST_OPTIONS = 10_000;

/** @throws PaddockError `bad_request`, naming the place */
export function schemaGrammar(schema: unknown): Grammar {
  checkSize(schema);
  try {
    const grammar = new SchemaGrammar(schema).read();
    checkEnds(grammar);
    return grammar;
  } catch (error) {
    // Of thousands of references or properties in a row: each is a call inside the one before.
    if (error instanceof RangeError)
      throw badSchema('too much of the schema refers to the rest of it');
    throw error;
  }
}

class SchemaGrammar {
  readonly #whole: unknown;
  readonly #rules = new Map(JSON_RULES);
  /** Rules by the place that a `$ref` names. */
  readonly #named = new Map<string, string>();
  #options = 0;

  constructor(whole: unknown) {
    this.#whole = whole;
  }

  read(): Grammar {
    const root = this.#ref('#', '#');
    return { root, rules: this.#rules };
  }

  #value(given: unknown, where: string): Expression {
    const schema = asSchema(given, where);
    const keys = counting(schema);
    if (keys.length === 0) return rule('value');
    if (schema.$ref !== undefined && keys.length === 1) return this.#ref(schema.$ref, where);
    const whole = this.#resolved(schema, where);
    for (const key of ['anyOf', 'oneOf'] as const) {
      if (whole[key] !== undefined) return this.#alternatives(whole, key, where);
    }
    const values = valuesOf(whole);
    if (values) return this.#constants(whole, values, where);
    const types = [...new Set(typesOf(whole, where))];
    const named = types.includes('number') ? types.filter((type) => type !== 'integer') : types;
    return choice(...named.map((type) => this.#typed(type, whole, where)));
  }

  #ref(pointer: unknown, where: string): Expression {
    if (typeof pointer !== 'string') throw badSchema('"$ref" must be text', where);
    let name = this.#named.get(pointer);
    if (name === undefined) {
      this.#named.set(pointer, (name = `ref${this.#named.size}`));
      const target = pointedAt(this.#whole, pointer, where);
      this.#rules.set(name, this.#value(target, pointer));
    }
    return rule(name);
  }

  /** Without `$ref` and `allOf`: what they say has been put in. */
  #resolved(schema: Schema, where: string, seen: readonly unknown[] = []): Schema {
    const { $ref, allOf, ...rest } = schema;
    if ($ref === undefined && allOf === undefined) return schema;
    let result: Schema = rest;
    const parts: unknown[] = [];
    if ($ref !== undefined) {
      if (typeof $ref !== 'string') throw badSchema('"$ref" must be text', where);
      if (seen.includes($ref))
        throw badSchema(`"${$ref}" refers to itself, and to nothing else`, where);
      parts.push(pointedAt(this.#whole, $ref, where));
    }
    if (allOf !== undefined) parts.push(...listOf(allOf, 'allOf', where));
    for (const part of parts) {
      this.#spend(where);
      const next = $ref === undefined ? seen : [...seen, $ref];
      result = merged(result, this.#resolved(asSchema(part, where), where, next), where);
    }
    return result;
  }

  #alternatives(schema: Schema, key: 'anyOf' | 'oneOf', where: string): Expression {
    const { [key]: written, ...rest } = schema;
    const options = listOf(written, key, where).map((one, at) =>
      asSchema(one, `${where}/${key}/${at}`),
    );
    if (key === 'oneOf') this.#checkDisjoint(options, where);
    const alone = counting(rest).length === 0;
    const all = options.map((option, at) => {
      this.#spend(where);
      const place = `${where}/${key}/${at}`;
      if (alone) return this.#value(option, place);
      return this.#value(merged(rest, this.#resolved(option, place), place), place);
    });
    return choice(...all);
  }

  #checkDisjoint(options: readonly Schema[], where: string): void {
    const resolve = (schema: Schema) => this.#resolved(schema, where);
    options.forEach((option, at) => {
      for (const other of options.slice(0, at)) {
        this.#spend(where);
        if (disjoint(option, other, resolve)) continue;
        throw badSchema(
          'options of "oneOf" may both hold, which no reply can be kept from: use "anyOf"',
          where,
        );
      }
    });
  }

  #constants(schema: Schema, values: readonly unknown[], where: string): Expression {
    const notes = ['type', 'const', 'enum', 'format'];
    const other = counting(schema).find((key) => !notes.includes(key));
    if (other) throw badSchema(`"${other}" beside fixed values is not supported`, where);
    const types = typesOf(schema, where);
    const fits = (type: TypeName) =>
      types.includes(type) || (type === 'integer' && types.includes('number'));
    const both = Array.isArray(schema.enum) && Object.hasOwn(schema, 'const');
    const listed = both ? (schema.enum as unknown[]).map((one) => JSON.stringify(one)) : undefined;
    const left = values.filter(
      (value) => fits(typeOfValue(value)) && (!listed || listed.includes(JSON.stringify(value))),
    );
    if (left.length === 0) throw badSchema('no value is left', where);
    return choice(...left.map((value) => text(JSON.stringify(value))));
  }

  #typed(type: TypeName, schema: Schema, where: string): Expression {
    if (type === 'object') return this.#object(schema, where);
    if (type === 'array') return this.#array(schema, where);
    if (type === 'string') return this.#string(schema, where);
    if (type === 'boolean') return choice(text('true'), text('false'));
    if (type === 'null') return text('null');
    return this.#number(type, schema, where);
  }

  #object(schema: Schema, where: string): Expression {
    const { properties = {}, required = [], additionalProperties: more } = schema;
    if (!isObject(properties)) throw badSchema('"properties" must be an object', where);
    const names: unknown[] = Array.isArray(required) ? required : [required];
    if (!names.every((name) => typeof name === 'string')) {
      throw badSchema('"required" must be a list of names', where);
    }
    const open = more === undefined ? Object.keys(properties).length === 0 : more !== false;
    const rest = more === undefined || more === false ? true : more;
    const known = Object.entries(properties).filter(
      ([name, value]) => value !== false || names.includes(name),
    );
    const all = new Map(known);
    for (const name of new Set(names)) {
      if (all.has(name)) continue;
      if (more === false) throw badSchema(`"${name}" is required, and not allowed`, where);
      all.set(name, rest);
    }
    const members = [...all].map(([name, value]) => {
      const place = `${where}/properties/${name}`;
      const member = sequence(JSON.stringify(name), COLON, this.#value(value, place));
      return { member, needed: names.includes(name) };
    });
    const others = open
      ? sequence(
          quoted(notNamed([...all.keys(), ...Object.keys(properties)])),
          COLON,
          this.#value(rest, `${where}/additionalProperties`),
        )
      : undefined;
    const least = count(schema, 'minProperties', where) ?? 0;
    const most = count(schema, 'maxProperties', where) ?? Infinity;
    if (members.length === 0 && others) {
      if (least > most) throw badSchema('"minProperties" is over "maxProperties"', where);
      return sequence('{', list(others, least, most), '}');
    }
    const sure = members.filter(({ needed }) => needed).length;
    if (least > sure || most < (others ? Infinity : members.length)) {
      throw badSchema('a count of properties beside named ones is not supported', where);
    }
    return sequence('{', this.#members(members, others), '}');
  }

  /** In their order, each of the optional ones or not; a rule each says what may follow. */
  #members(
    members: readonly { member: Expression; needed: boolean }[],
    others?: Expression,
  ): Expression {
    const commaBefore = (one: Expression) => sequence(COMMA, one);
    // What may follow the members from a place on, when one stands before already.
    let after: Expression = others ? repeat(commaBefore(others), 0) : sequence();
    /** The same where none stands before. */
    let first: Expression = others ? choice(sequence(), sequence(others, after)) : sequence();
    for (const { member, needed } of [...members].reverse()) {
      const [next, alone] = [this.#rule(after), this.#rule(first)];
      const begun = sequence(member, next);
      first = needed ? begun : choice(begun, alone);
      after = needed ? commaBefore(begun) : choice(commaBefore(begun), next);
    }
    return first;
  }

  /** Shared by what refers to it: written once, however often it follows. */
  #rule(expression: Expression): Expression {
    const name = `part${this.#rules.size}`;
    this.#rules.set(name, expression);
    return rule(name);
  }

  #array(schema: Schema, where: string): Expression {
    const least = count(schema, 'minItems', where) ?? 0;
    const most = count(schema, 'maxItems', where) ?? Infinity;
    if (least > most) throw badSchema('"minItems" is over "maxItems"', where);
    // Before 2020 a list of `items` was what `prefixItems` is now.
    const listed = Array.isArray(schema.items) ? schema.items : schema.prefixItems;
    const rest = Array.isArray(schema.items) ? true : (schema.items ?? true);
    if (listed === undefined) {
      if (rest === false) return text('[]');
      const items = most === 0 ? sequence() : this.#value(rest, `${where}/items`);
      return sequence('[', list(items, least, most), ']');
    }
    const fixed = listOf(listed, 'prefixItems', where);
    if (schema.items === false && least > fixed.length)
      throw badSchema('"minItems" is over its items', where);
    let tail: Expression =
      rest === false || most <= fixed.length
        ? sequence()
        : repeat(
            sequence(COMMA, this.#value(rest, `${where}/items`)),
            Math.max(least - fixed.length, 0),
            most - fixed.length,
          );
    for (let at = Math.min(fixed.length, most) - 1; at >= 0; at--) {
      const item = this.#value(fixed[at], `${where}/prefixItems/${at}`);
      const whole = sequence(...(at > 0 ? [COMMA] : []), item, tail);
      tail = at < least ? whole : repeat(whole, 0, 1);
    }
    return sequence('[', tail, ']');
  }

  #string(schema: Schema, where: string): Expression {
    const least = count(schema, 'minLength', where);
    const most = count(schema, 'maxLength', where);
    const { pattern, format } = schema;
    if (pattern !== undefined) {
      if (typeof pattern !== 'string') throw badSchema('"pattern" must be text', where);
      if (least !== undefined || most !== undefined) {
        throw badSchema('"pattern" beside a length is not supported: count in the pattern', where);
      }
      return quoted(matching(pattern, where));
    }
    const known = formatted(format);
    if (known) return quoted(known);
    if (least === undefined && most === undefined) return rule('string');
    if ((least ?? 0) > (most ?? Infinity))
      throw badSchema('"minLength" is over "maxLength"', where);
    return quoted(repeat(CHARACTER, least ?? 0, most ?? Infinity));
  }

  #number(type: 'number' | 'integer', schema: Schema, where: string): Expression {
    const { multipleOf } = schema;
    if (multipleOf !== undefined && multipleOf !== 1) {
      throw badSchema('"multipleOf" is not supported', where);
    }
    const whole = type === 'integer' || multipleOf === 1;
    const bound = (key: string) => {
      const value = schema[key];
      if (value === undefined || typeof value === 'boolean') return undefined;
      if (typeof value === 'number' && (whole || Number.isInteger(value))) return value;
      throw badSchema(
        `"${key}" must be a ${typeof value === 'number' ? 'whole ' : ''}number here`,
        where,
      );
    };
    const up = whole ? Math.ceil : (value: number) => value;
    const down = whole ? Math.floor : (value: number) => value;
    const [low, over] = [bound('minimum') ?? -Infinity, bound('exclusiveMinimum')];
    const [high, under] = [bound('maximum') ?? Infinity, bound('exclusiveMaximum')];
    // In the drafts before 6 the exclusive ones are truth values.
    const aboveLeast = schema.exclusiveMinimum === true || (over !== undefined && over >= low);
    const belowMost = schema.exclusiveMaximum === true || (under !== undefined && under <= high);
    const least = over !== undefined && over >= low ? over : low;
    const most = under !== undefined && under <= high ? under : high;
    const bounds = {
      least: up(least),
      most: down(most),
      aboveLeast: aboveLeast && Number.isInteger(least),
      belowMost: belowMost && Number.isInteger(most),
    };
    const found = whole ? integers(bounds) : numbers(bounds);
    if (!found) throw badSchema('no number is left between the bounds', where);
    return found;
  }

  #spend(where: string): void {
    if (++this.#options > MOST_OPTIONS)
      throw badSchema(`it has over ${MOST_OPTIONS} alternatives`, where);
  }
}

function listOf(value: unknown, key: string, where: string): unknown[] {
  if (Array.isArray(value) && value.length > 0) return value as unknown[];
  throw badSchema(`"${key}" must be a list of schemas`, where);
}
