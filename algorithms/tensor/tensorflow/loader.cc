// The binding that Deno loads: it loads TensorFlow in a symbol scope of its own and hands over to it.
//
// Mesa's graphics drivers put LLVM into the scope that all libraries share, and TensorFlow carries an LLVM of another version.
// Loaded plainly after WebGPU has looked for an adapter, TensorFlow would bind to Mesa's LLVM and crash.
#include <dlfcn.h>
#include <node_api.h>

#include <string>

using Register = napi_value (*)(napi_env, napi_value);

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&napi_register_module_v1), &self) == 0) {
    napi_throw_error(env, nullptr, "cannot find the folder of the binding");
    return nullptr;
  }
  std::string path = self.dli_fname;
  path = path.substr(0, path.rfind('/') + 1) + "tfjs_kernels.so";
  void* kernels = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  void* function = kernels == nullptr ? nullptr : dlsym(kernels, "napi_register_module_v1");
  if (function == nullptr) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  return reinterpret_cast<Register>(function)(env, exports);
}
