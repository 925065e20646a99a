/** TensorFlow's serialised graphs and settings, as far as programs need them. */
import protobuf from "protobufjs";

/** Field numbers of TensorFlow's own definitions: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto and core/protobuf/config.proto. */
const SCHEMA = `
syntax = "proto3";
message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
message VersionDef { int32 producer = 1; }
message NodeDef { string name = 1; string op = 2; repeated string input = 3; map<string, AttrValue> attr = 5; }
message AttrValue {
  oneof value {
    ListValue list = 1; bytes s = 2; int64 i = 3; float f = 4; bool b = 5; int32 type = 6; Shape shape = 7; TensorProto tensor = 8;
  }
  message ListValue { repeated int64 i = 3; }
}
message Shape { repeated Dim dim = 2; message Dim { int64 size = 1; } }
message TensorProto { int32 dtype = 1; Shape tensor_shape = 2; repeated float float_val = 5; repeated int32 int_val = 7; }
message ConfigProto {
  bool allow_soft_placement = 7; GraphOptions graph_options = 10; Experimental experimental = 16;
  message GraphOptions { RewriterConfig rewrite_options = 10; }
  message RewriterConfig { bool disable_meta_optimizer = 19; }
  message Experimental { string executor_type = 3; }
}
message RunOptions { int32 inter_op_thread_pool = 3; }
`;

const { root } = protobuf.parse(SCHEMA, { keepCase: true });

/** Numbers of TensorFlow's data types. */
export const TYPE = { float: 1, int32: 3, bool: 10 } as const;

/** A constant: all its elements in row-major order, or one that stands for all. */
export interface Constant {
  readonly type: "float" | "int32";
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The value of an operation's attribute. */
export type AttributeValue =
  | { readonly b: boolean }
  | { readonly i: number }
  | { readonly s: string }
  | { readonly type: number }
  | { readonly shape: readonly number[] }
  | { readonly list: readonly number[] }
  | { readonly tensor: Constant };

/** One operation of a graph. An input is "name", "name:output", or "^name" for what is only waited for. */
export interface Operation {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeValue>>;
}

/** Version of TensorFlow's graph format that is written: that of TensorFlow 2.9, the oldest release whose headers the binding fits. */
const PRODUCER = 1087;

/** A GraphDef in its binary form. */
export function encodeGraph(operations: readonly Operation[]): Uint8Array {
  const node = operations.map(({ attr, ...rest }) => ({
    ...rest,
    attr: Object.fromEntries(Object.entries(attr).map(([key, value]) => [key, attributeMessage(value)])),
  }));
  return encode("GraphDef", { node, versions: { producer: PRODUCER } });
}

/** What operations run on. */
export type Device = "CPU" | "GPU";

/**
 * The settings of a session. On a processor, operations run one after the other, in one order, on the thread that asks for them, since that costs least;
 * each may use several threads. With a GPU there are copies between devices, which that executor does not do. TensorFlow's rewriting of graphs is off:
 * programs are simplified before, and it would take longer than it saves.
 */
export function encodeSessionConfig(device: Device): Uint8Array {
  return encode("ConfigProto", {
    allow_soft_placement: true,
    graph_options: { rewrite_options: { disable_meta_optimizer: true } },
    ...(device === "CPU" ? { experimental: { executor_type: "SINGLE_THREADED_EXECUTOR" } } : {}),
  });
}

/** The settings of a run: on the calling thread, where one device does all. */
export function encodeRunOptions(): Uint8Array {
  return encode("RunOptions", { inter_op_thread_pool: -1 });
}

function encode(type: string, message: object): Uint8Array {
  return root.lookupType(type).encode(message).finish();
}

function attributeMessage(value: AttributeValue): object {
  if ("shape" in value) return { shape: shapeMessage(value.shape) };
  if ("list" in value) return { list: { i: value.list } };
  if ("s" in value) return { s: new TextEncoder().encode(value.s) };
  if (!("tensor" in value)) return value;
  const { type, shape, values } = value.tensor;
  const numbers = type === "float" ? { float_val: values } : { int_val: values };
  return { tensor: { dtype: TYPE[type], tensor_shape: shapeMessage(shape), ...numbers } };
}

function shapeMessage(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size })) };
}
