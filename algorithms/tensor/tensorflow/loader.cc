// The binding that Deno loads: it loads TensorFlow in a symbol scope of its own and hands over to it.
//
// Mesa's graphics drivers put LLVM into the scope that all libraries share, and TensorFlow carries an LLVM of another version.
// Loaded plainly after WebGPU has looked for an adapter, TensorFlow would bind to Mesa's LLVM and crash.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

using Register = napi_value (*)(napi_env, napi_value);

// Loads a library in a scope of its own. TensorFlow logs while it is being loaded, before it knows what TF_CPP_MIN_LOG_LEVEL asks for: where that leaves out
// information, standard error goes nowhere meanwhile.
static void* load(const std::string& path) {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  const int kept = level != nullptr && std::atoi(level) > 0 ? dup(STDERR_FILENO) : -1;
  const int nowhere = kept >= 0 ? open("/dev/null", O_WRONLY) : -1;
  if (nowhere >= 0) {
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (kept >= 0) {
    dup2(kept, STDERR_FILENO);
    close(kept);
  }
  return library;
}

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&napi_register_module_v1), &self) == 0) {
    napi_throw_error(env, nullptr, "cannot find the folder of the binding");
    return nullptr;
  }
  std::string folder = self.dli_fname;
  folder = folder.substr(0, folder.rfind('/') + 1);
  void* kernels = load(folder + "tfjs_kernels.so");
  for (const char* name : {"register_sessions", "napi_register_module_v1"}) {
    void* function = kernels == nullptr ? nullptr : dlsym(kernels, name);
    if (function == nullptr) {
      napi_throw_error(env, nullptr, dlerror());
      return nullptr;
    }
    exports = reinterpret_cast<Register>(function)(env, exports);
  }
  return exports;
}
