#include <iostream>
#include <limits>
#include <string_view>

#include "mock/mock_cluster.h"

/// The mock on loopback until its input ends, with the habits of real servers of the version given, 5.5.0 or 4.9.7.
int main(int count, char** arguments) {
  using rocketlink::mock::MockSetup;
  try {
    auto setup = MockSetup::like_real(count > 1 && std::string_view(arguments[1]) == "4.9.7" ? 407 : 513);
    setup.create_topics = true;
    const rocketlink::mock::MockCluster cluster(setup);
    std::cout << "ENDPOINT=" << cluster.endpoints().at(0) << "\nBROKER=" << cluster.address("broker-a/0") << '\n'
              << std::flush;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
