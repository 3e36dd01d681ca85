#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "conversations/scripts.h"

/// Talks to a cluster and prints what it said, so that it can be compared: the same whenever the cluster does the same.
int main(int count, char** arguments) {
  namespace talks = rocketlink::conversations;
  CLI::App app("Scripted conversations with a RocketMQ cluster of one name server and one broker");
  talks::Cluster cluster;
  std::vector<std::string> names;
  app.add_option("--name-server", cluster.name_server, "host:port")->required();
  app.add_option("--broker", cluster.broker, "host:port of the master broker-a")->required();
  app.add_option("--suffix", cluster.suffix, "of topics and groups, where the cluster has held conversations before");
  app.add_option("scripts", names, "all, unless some are named");
  CLI11_PARSE(app, count, arguments);
  std::vector<talks::Named> scripts;
  for (const talks::Named& one : talks::all_scripts()) {
    if (names.empty() || std::find(names.begin(), names.end(), one.name) != names.end()) scripts.push_back(one);
  }
  try {
    std::cout << talks::hold(rocketlink::machine(), cluster, scripts);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
