#include <cstdio>

int main() {
  std::puts("rocketlink " ROCKETLINK_VERSION);
  return 0;
}
