/**
 * Python's pickles as data. A pickle is a program for a stack machine that may call anything; here it can make lists, tuples, dicts, texts, numbers and NumPy
 * arrays, and whatever else it names is refused. Long byte strings stay in the file until they are asked for: archives of images are larger than memory.
 *
 * Source: the opcodes of protocols 0 to 5, documented in CPython's `Lib/pickletools.py`; NumPy's `ndarray.__reduce__`.
 */
import type { RandomAccess } from "./random_access.ts";
import { type Blob, build, globalOf, reduce, type Value } from "./values.ts";

/** Byte strings up to this length are read at once. */
const SHORT = 256;
const MAX_DEPTH = 100_000_000;
const LATIN1 = new TextDecoder("latin1");
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a pickle.
 *
 * @throws Error that says what is wrong, as the end of a sentence that begins with the file's name
 */
export function unpickle(file: RandomAccess): Value {
  return new Machine(file).run();
}

class Machine {
  readonly #file: RandomAccess;
  #at = 0;
  #stack: Value[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, Value>();

  constructor(file: RandomAccess) {
    this.#file = file;
  }

  run(): Value {
    for (;;) {
      const code = this.#byte();
      if (code === 0x2e) return this.#pop();
      this.#do(code);
      if (this.#stack.length > MAX_DEPTH) throw new Error("is no pickle of images: it holds too much");
    }
  }

  #do(code: number): void {
    const push = (value: Value) => void this.#stack.push(value);
    const text = String.fromCharCode(code);
    switch (text) {
      case "(":
        return void this.#marks.push(this.#stack.length);
      case "0":
        return void this.#pop();
      case "1":
        return void this.#toMark();
      case "2":
        return push(this.#top());
      case "N":
        return push(null);
      case "]":
        return push([]);
      case "l":
      case "t":
        return push(this.#toMark());
      case ")":
        return push([]);
      case "}":
        return push(new Map());
      case "d":
        return push(this.#items(new Map(), this.#toMark()));
      case "a":
        return this.#append([this.#pop()]);
      case "e":
        return this.#append(this.#toMark());
      case "s": {
        const [key, value] = this.#last(2);
        return this.#set([key, value]);
      }
      case "u":
        return this.#set(this.#toMark());
      case "I":
        return push(this.#int(this.#line()));
      case "L":
        return push(Number(this.#line().replace(/L$/, "")));
      case "F":
        return push(Number(this.#line()));
      case "J":
        return push(this.#view(4).getInt32(0, true));
      case "K":
        return push(this.#byte());
      case "M":
        return push(this.#view(2).getUint16(0, true));
      case "G":
        return push(this.#view(8).getFloat64(0));
      case "S":
        return push(this.#line().slice(1, -1));
      case "U":
        return push(LATIN1.decode(this.#bytes(this.#byte())));
      case "T":
        return push(this.#byteText(this.#view(4).getUint32(0, true)));
      case "C":
        return push(this.#bytes(this.#byte()));
      case "B":
        return push(this.#blob(this.#view(4).getUint32(0, true)));
      case "V":
        return push(this.#line());
      case "X":
        return push(this.#unicode(this.#view(4).getUint32(0, true)));
      case "c":
        return push(globalOf(`${this.#line()} ${this.#line()}`));
      case "R": {
        const [callable, args] = this.#last(2);
        return push(reduce(callable, args, this.#file));
      }
      case "b": {
        const state = this.#pop();
        return build(this.#top(), state);
      }
      case "p":
        return this.#put(Number(this.#line()));
      case "q":
        return this.#put(this.#byte());
      case "r":
        return this.#put(this.#view(4).getUint32(0, true));
      case "g":
        return push(this.#get(Number(this.#line())));
      case "h":
        return push(this.#get(this.#byte()));
      case "j":
        return push(this.#get(this.#view(4).getUint32(0, true)));
    }
    switch (code) {
      case 0x80:
        return void this.#byte();
      case 0x95:
        return void this.#view(8);
      case 0x85:
        return push(this.#last(1));
      case 0x86:
        return push(this.#last(2));
      case 0x87:
        return push(this.#last(3));
      case 0x88:
        return push(true);
      case 0x89:
        return push(false);
      case 0x8a:
        return push(littleEndian(this.#bytes(this.#byte())));
      case 0x8c:
        return push(this.#unicode(this.#byte()));
      case 0x8d:
        return push(this.#unicode(this.#long()));
      case 0x8e:
      case 0x96:
        return push(this.#blob(this.#long()));
      case 0x93: {
        const [module, name] = this.#last(2);
        return push(globalOf(`${module} ${name}`));
      }
      case 0x94:
        return this.#put(this.#memo.size);
    }
    throw new Error(`is no pickle that is read here: opcode ${code} at byte ${this.#at - 1}`);
  }

  #byte(): number {
    return this.#bytes(1)[0];
  }

  #bytes(length: number): Uint8Array {
    // A copy, so that a few bytes that are kept do not keep the whole buffer.
    const bytes = this.#file.read(this.#at, length).slice();
    this.#at += length;
    return bytes;
  }

  #view(length: number): DataView {
    const bytes = this.#bytes(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #long(): number {
    return Number(this.#view(8).getBigUint64(0, true));
  }

  #line(): string {
    let line = "";
    for (let byte = this.#byte(); byte !== 10; byte = this.#byte()) line += String.fromCharCode(byte);
    return line;
  }

  #int(text: string): number | boolean {
    return text === "00" ? false : text === "01" ? true : Number(text);
  }

  #blob(length: number): Uint8Array | Blob {
    if (length <= SHORT) return this.#bytes(length);
    if (this.#at + length > this.#file.size) throw new Error("is damaged: it ends too early");
    const blob: Blob = { blob: true, at: this.#at, length };
    this.#at += length;
    return blob;
  }

  /** A byte string of Python 2, which is a text as often as not. */
  #byteText(length: number): string | Blob {
    const bytes = this.#blob(length);
    return bytes instanceof Uint8Array ? LATIN1.decode(bytes) : bytes;
  }

  #unicode(length: number): string {
    return UTF8.decode(this.#bytes(length));
  }

  #pop(): Value {
    if (this.#stack.length === 0) throw new Error("is no pickle: it takes from an empty stack");
    return this.#stack.pop()!;
  }

  #top(): Value {
    if (this.#stack.length === 0) throw new Error("is no pickle: it takes from an empty stack");
    return this.#stack[this.#stack.length - 1];
  }

  #last(count: number): Value[] {
    if (this.#stack.length < count) throw new Error("is no pickle: it takes from an empty stack");
    return this.#stack.splice(this.#stack.length - count);
  }

  #toMark(): Value[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new Error("is no pickle: a mark is missing");
    return this.#stack.splice(mark);
  }

  #append(values: readonly Value[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw new Error("is no pickle: it appends to what is no list");
    for (const value of values) list.push(value);
  }

  #set(pairs: readonly Value[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map)) throw new Error("is no pickle: it sets items of what is no dict");
    this.#items(dict, pairs);
  }

  #items(dict: Map<Value, Value>, pairs: readonly Value[]): Map<Value, Value> {
    for (let i = 0; i + 1 < pairs.length; i += 2) dict.set(keyOf(pairs[i]), pairs[i + 1]);
    return dict;
  }

  #put(key: number): void {
    this.#memo.set(key, this.#top());
  }

  #get(key: number): Value {
    const value = this.#memo.get(key);
    if (value === undefined) throw new Error("is no pickle: it reads what it has not kept");
    return value;
  }
}

/** Keys that are bytes are texts in Python 2. */
function keyOf(key: Value): Value {
  return key instanceof Uint8Array ? LATIN1.decode(key) : key;
}

function littleEndian(bytes: Uint8Array): number {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[i]);
  return Number(bytes.length > 0 && bytes[bytes.length - 1] > 127 ? value - (1n << BigInt(8 * bytes.length)) : value);
}
