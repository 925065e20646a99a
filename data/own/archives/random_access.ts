/** A file that is read here and there, through a buffer. */
import { unreadable } from "../files.ts";

const CHUNK = 1 << 18;

/** A file, or bytes in its place. */
export class RandomAccess implements Disposable {
  readonly size: number;
  readonly #file: Deno.FsFile;
  #buffer = new Uint8Array(0);
  #start = 0;

  /** @throws DataError when the file cannot be opened */
  constructor(path: string) {
    try {
      this.#file = Deno.openSync(path);
      this.size = this.#file.statSync().size;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** Some bytes. @throws Error as the end of a sentence when the file ends before them */
  read(at: number, length: number): Uint8Array {
    if (length < 0 || at + length > this.size) throw new Error("is damaged: it ends too early");
    const within = at - this.#start;
    if (within < 0 || within + length > this.#buffer.length) {
      this.#buffer = this.#load(at, Math.min(this.size - at, Math.max(length, CHUNK)));
      this.#start = at;
    }
    const from = at - this.#start;
    return this.#buffer.subarray(from, from + length);
  }

  #load(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    this.#file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < length;) {
      const count = this.#file.readSync(bytes.subarray(done));
      if (count === null) throw new Error("is damaged: it ends too early");
      done += count;
    }
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
