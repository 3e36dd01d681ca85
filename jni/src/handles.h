#pragma once

#include <jni.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "errors.h"
#include "rocketlink/result.h"

namespace rocketlink::jni {

/// Objects that Java holds by number. A number that is closed, or never was, gives an error instead of a crash, and
/// close waits until no call is inside the object. Any thread.
template <class T>
class Handles {
  struct Slot {
    std::unique_ptr<T> object;
    int users = 0;
  };

 public:
  /// The object for the time of one native call; `error` when there is none.
  class Use {
   public:
    Use(Handles& owner, Slot* slot) : owner_(&owner), slot_(slot) {}
    ~Use() {
      if (slot_ == nullptr) return;
      const std::lock_guard lock(owner_->mutex_);
      if (--slot_->users == 0) owner_->unused_.notify_all();
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    explicit operator bool() const { return slot_ != nullptr; }
    T& operator*() const { return *slot_->object; }
    T* operator->() const { return slot_->object.get(); }
    [[nodiscard]] static Error error() { return {ErrorCode::kClosed, "it is closed already"}; }

   private:
    Handles* owner_;
    Slot* slot_;
  };

  jlong add(std::unique_ptr<T> object) {
    const std::lock_guard lock(mutex_);
    slots_.emplace(++last_, std::make_unique<Slot>(Slot{std::move(object), 0}));
    return last_;
  }

  Use use(jlong handle) {
    const std::lock_guard lock(mutex_);
    const auto found = slots_.find(handle);
    if (found == slots_.end()) return Use(*this, nullptr);
    ++found->second->users;
    return Use(*this, found->second.get());
  }

  /// Closed to new calls, then `wake`, which must make the running ones return soon; destroyed when they have. False:
  /// there is no such object (any more).
  template <class Wake>
  bool close(jlong handle, Wake&& wake) {
    std::unique_ptr<Slot> slot;
    {
      const std::lock_guard lock(mutex_);
      const auto found = slots_.find(handle);
      if (found == slots_.end()) return false;
      slot = std::move(found->second);
      slots_.erase(found);
    }
    wake(*slot->object);
    {
      std::unique_lock lock(mutex_);
      unused_.wait(lock, [&] { return slot->users == 0; });
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable unused_;
  std::map<jlong, std::unique_ptr<Slot>> slots_;
  jlong last_ = 0;
};

/// Runs `body` on the object; an exception, and `otherwise`, when there is none.
template <class Object, class T, class Body>
T with_object(Handles<Object>& handles, JNIEnv* env, jlong handle, T otherwise, Body&& body) {
  return guarded(env, otherwise, [&]() -> T {
    const auto object = handles.use(handle);
    if (!object) {
      throw_error(env, object.error());
      return otherwise;
    }
    return body(*object);
  });
}

/// The same for what gives nothing back.
template <class Object, class Body>
void with_object(Handles<Object>& handles, JNIEnv* env, jlong handle, Body&& body) {
  (void)with_object(handles, env, handle, false, [&](Object& object) {
    body(object);
    return true;
  });
}

}  // namespace rocketlink::jni
