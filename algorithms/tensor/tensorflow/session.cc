// Runs whole TensorFlow graphs: a binding to the sessions of TensorFlow's C API, beside the op-by-op binding of tfjs-node.
//
// openSession(graph, config) -> session: GraphDef and ConfigProto as bytes.
// prepareCall(session, feeds, fetches, targets, options) -> call: what one kind of run feeds ({name, shape}), fetches and executes, by names of
//   operations (their first output, float32); RunOptions as bytes. Feeds are copied into buffers that belong to the call.
// runCall(call, arrays): runs it. fetchResult(call, index) -> Float32Array: a copy of what the last run fetched.
// closeSession(session): frees everything; its calls must not be used any more.
#include <node_api.h>
#include <tensorflow/c/c_api.h>

#include <malloc.h>

#include <climits>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Status {
  TF_Status* const status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  bool failed() const { return TF_GetCode(status) != TF_OK; }
};

struct Call {
  TF_Session* session;
  TF_Buffer* options;
  std::vector<TF_Output> inputs, outputs;
  std::vector<TF_Tensor*> fed, fetched;
  std::vector<const TF_Operation*> targets;

  void dropFetched() {
    for (TF_Tensor*& tensor : fetched) {
      if (tensor != nullptr) TF_DeleteTensor(tensor);
      tensor = nullptr;
    }
  }
  ~Call() {
    dropFetched();
    for (TF_Tensor* tensor : fed) TF_DeleteTensor(tensor);
    if (options != nullptr) TF_DeleteBuffer(options);
  }
};

struct Session {
  TF_Graph* graph = TF_NewGraph();
  TF_Session* session = nullptr;
  std::vector<std::unique_ptr<Call>> calls;

  void close() {
    calls.clear();
    Status status;
    if (session != nullptr) TF_DeleteSession(session, status.status);
    if (graph != nullptr) TF_DeleteGraph(graph);
    session = nullptr;
    graph = nullptr;
  }
  ~Session() { close(); }
};

// Throws in JavaScript; the caller returns at once.
napi_value fail(napi_env env, const std::string& message) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}

bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value* values) {
  size_t given = count;
  return napi_get_cb_info(env, info, &given, values, nullptr, nullptr) == napi_ok && given == count;
}

bool bytesOf(napi_env env, napi_value value, void** data, size_t* length, napi_typedarray_type wanted) {
  napi_typedarray_type type;
  return napi_get_typedarray_info(env, value, &type, length, data, nullptr, nullptr) == napi_ok && type == wanted;
}

bool textOf(napi_env env, napi_value value, std::string* text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text->resize(length + 1);
  if (napi_get_value_string_utf8(env, value, &(*text)[0], length + 1, &length) != napi_ok) return false;
  text->resize(length);
  return true;
}

template <typename T>
T* externalOf(napi_env env, napi_value value) {
  void* data = nullptr;
  return napi_get_value_external(env, value, &data) == napi_ok ? static_cast<T*>(data) : nullptr;
}

TF_Operation* operationOf(napi_env env, napi_value value, TF_Graph* graph) {
  std::string name;
  if (!textOf(env, value, &name)) return nullptr;
  return TF_GraphOperationByName(graph, name.c_str());
}

napi_value openSession(napi_env env, napi_callback_info info) {
  napi_value args[2];
  void *graphBytes, *configBytes;
  size_t graphLength, configLength;
  if (!arguments(env, info, 2, args) || !bytesOf(env, args[0], &graphBytes, &graphLength, napi_uint8_array) ||
      !bytesOf(env, args[1], &configBytes, &configLength, napi_uint8_array)) {
    return fail(env, "openSession takes two Uint8Arrays");
  }
  Status status;
  auto session = std::make_unique<Session>();
  TF_Buffer* definition = TF_NewBufferFromString(graphBytes, graphLength);
  TF_ImportGraphDefOptions* import = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(session->graph, definition, import, status.status);
  TF_DeleteImportGraphDefOptions(import);
  TF_DeleteBuffer(definition);
  if (status.failed()) return fail(env, TF_Message(status.status));
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_SetConfig(options, configBytes, configLength, status.status);
  if (!status.failed()) session->session = TF_NewSession(session->graph, options, status.status);
  TF_DeleteSessionOptions(options);
  if (status.failed()) return fail(env, TF_Message(status.status));
  napi_value external;
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Session*>(data); };
  if (napi_create_external(env, session.get(), finalize, nullptr, &external) != napi_ok) {
    return fail(env, "cannot hand over a session");
  }
  session.release();
  return external;
}

// A feed's operation and a buffer for it, from {name, shape}.
bool addFeed(napi_env env, napi_value feed, TF_Graph* graph, Call* call) {
  napi_value name, shape, extent;
  uint32_t rank = 0;
  if (napi_get_named_property(env, feed, "name", &name) != napi_ok ||
      napi_get_named_property(env, feed, "shape", &shape) != napi_ok ||
      napi_get_array_length(env, shape, &rank) != napi_ok) {
    return false;
  }
  TF_Operation* operation = operationOf(env, name, graph);
  if (operation == nullptr) return false;
  std::vector<int64_t> extents(rank);
  size_t bytes = sizeof(float);
  for (uint32_t axis = 0; axis < rank; axis++) {
    if (napi_get_element(env, shape, axis, &extent) != napi_ok ||
        napi_get_value_int64(env, extent, &extents[axis]) != napi_ok) {
      return false;
    }
    bytes *= extents[axis];
  }
  call->inputs.push_back({operation, 0});
  call->fed.push_back(TF_AllocateTensor(TF_FLOAT, extents.data(), rank, bytes));
  return true;
}

napi_value prepareCall(napi_env env, napi_callback_info info) {
  napi_value args[5], element;
  if (!arguments(env, info, 5, args)) return fail(env, "prepareCall takes five arguments");
  Session* session = externalOf<Session>(env, args[0]);
  void* options;
  size_t optionsLength;
  uint32_t feeds, fetches, targets;
  if (session == nullptr || session->session == nullptr || napi_get_array_length(env, args[1], &feeds) != napi_ok ||
      napi_get_array_length(env, args[2], &fetches) != napi_ok || napi_get_array_length(env, args[3], &targets) != napi_ok ||
      !bytesOf(env, args[4], &options, &optionsLength, napi_uint8_array)) {
    return fail(env, "prepareCall takes an open session, three arrays and a Uint8Array");
  }
  auto call = std::make_unique<Call>();
  call->session = session->session;
  call->options = TF_NewBufferFromString(options, optionsLength);
  for (uint32_t i = 0; i < feeds; i++) {
    if (napi_get_element(env, args[1], i, &element) != napi_ok || !addFeed(env, element, session->graph, call.get())) {
      return fail(env, "prepareCall: feed " + std::to_string(i) + " is no operation of the graph with its shape");
    }
  }
  for (uint32_t i = 0; i < fetches + targets; i++) {
    const bool fetch = i < fetches;
    TF_Operation* operation = nullptr;
    if (napi_get_element(env, args[fetch ? 2 : 3], fetch ? i : i - fetches, &element) == napi_ok) {
      operation = operationOf(env, element, session->graph);
    }
    if (operation == nullptr) return fail(env, "prepareCall: the graph lacks an operation that is asked for");
    if (fetch) {
      call->outputs.push_back({operation, 0});
      call->fetched.push_back(nullptr);
    } else {
      call->targets.push_back(operation);
    }
  }
  napi_value external;
  if (napi_create_external(env, call.get(), nullptr, nullptr, &external) != napi_ok) {
    return fail(env, "cannot hand over a call");
  }
  session->calls.push_back(std::move(call));
  return external;
}

napi_value runCall(napi_env env, napi_callback_info info) {
  napi_value args[2], element;
  if (!arguments(env, info, 2, args)) return fail(env, "runCall takes two arguments");
  Call* call = externalOf<Call>(env, args[0]);
  if (call == nullptr) return fail(env, "runCall takes a prepared call");
  for (size_t i = 0; i < call->fed.size(); i++) {
    void* data;
    size_t length;
    if (napi_get_element(env, args[1], i, &element) != napi_ok ||
        !bytesOf(env, element, &data, &length, napi_float32_array) ||
        length * sizeof(float) != TF_TensorByteSize(call->fed[i])) {
      return fail(env, "runCall: feed " + std::to_string(i) + " is no Float32Array of its shape's size");
    }
    std::memcpy(TF_TensorData(call->fed[i]), data, length * sizeof(float));
  }
  call->dropFetched();
  Status status;
  TF_SessionRun(call->session, call->options, call->inputs.data(), call->fed.data(), call->fed.size(),
                call->outputs.data(), call->fetched.data(), call->outputs.size(), call->targets.data(),
                call->targets.size(), nullptr, status.status);
  if (status.failed()) return fail(env, TF_Message(status.status));
  return nullptr;
}

napi_value fetchResult(napi_env env, napi_callback_info info) {
  napi_value args[2], buffer, array;
  uint32_t index = 0;
  if (!arguments(env, info, 2, args)) return fail(env, "fetchResult takes two arguments");
  Call* call = externalOf<Call>(env, args[0]);
  if (call == nullptr || napi_get_value_uint32(env, args[1], &index) != napi_ok || index >= call->fetched.size() ||
      call->fetched[index] == nullptr) {
    return fail(env, "fetchResult: nothing was fetched");
  }
  const size_t bytes = TF_TensorByteSize(call->fetched[index]);
  void* data;
  if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok ||
      napi_create_typedarray(env, napi_float32_array, bytes / sizeof(float), buffer, 0, &array) != napi_ok) {
    return fail(env, "fetchResult: no memory for the result");
  }
  std::memcpy(data, TF_TensorData(call->fetched[index]), bytes);
  return array;
}

napi_value closeSession(napi_env env, napi_callback_info info) {
  napi_value args[1];
  if (!arguments(env, info, 1, args)) return fail(env, "closeSession takes a session");
  Session* session = externalOf<Session>(env, args[0]);
  if (session == nullptr) return fail(env, "closeSession takes a session");
  session->close();
  return nullptr;
}

// Keeps freed memory in the process. The allocator's default gives every large block back to the system, which then hands it out again page by page:
// with tensors of megabytes that takes longer than computing them.
void keepFreedMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value register_sessions(napi_env env, napi_value exports) {
  keepFreedMemory();
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"openSession", openSession},
                   {"prepareCall", prepareCall},
                   {"runCall", runCall},
                   {"fetchResult", fetchResult},
                   {"closeSession", closeSession}};
  for (const auto& [name, function] : functions) {
    napi_value value;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value) != napi_ok ||
        napi_set_named_property(env, exports, name, value) != napi_ok) {
      return fail(env, "cannot register the session functions");
    }
  }
  return exports;
}
