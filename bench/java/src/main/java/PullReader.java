import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Apache's pull consumer merely receiving: one thread per queue, 32 messages per pull, until the ends as of the start.
 * Prints messages, pulls, seconds and CPU seconds from the first pull on: the JVM's start is not counted against it.
 */
public class PullReader {
  private static final int PER_PULL = 32;

  public static void main(String[] arguments) throws Exception {
    String topic = arguments[1];
    @SuppressWarnings("deprecation")
    DefaultMQPullConsumer consumer = new DefaultMQPullConsumer("java-pull-reader");
    consumer.setNamesrvAddr(arguments[0]);
    consumer.start();
    Set<MessageQueue> queues = consumer.fetchSubscribeMessageQueues(topic);
    ExecutorService threads = Executors.newFixedThreadPool(queues.size());
    long begun = System.nanoTime();
    double cpuBefore = cpuSeconds();
    List<Future<Long>> counts = new ArrayList<>();
    AtomicLong pulls = new AtomicLong();
    for (MessageQueue queue : queues) {
      counts.add(threads.submit((Callable<Long>) () -> read(consumer, queue, pulls)));
    }
    long messages = 0;
    for (Future<Long> count : counts) {
      messages += count.get();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    double cpu = cpuSeconds() - cpuBefore;
    System.out.printf("{\"messages\": %d, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"pulls\": %d}%n", messages, seconds, cpu, pulls.get());
    threads.shutdown();
    consumer.shutdown();
  }

  @SuppressWarnings("deprecation")
  private static long read(DefaultMQPullConsumer consumer, MessageQueue queue, AtomicLong pulls) throws Exception {
    long offset = consumer.minOffset(queue);
    long end = consumer.maxOffset(queue);
    long messages = 0;
    while (offset < end) {
      pulls.incrementAndGet();
      PullResult result = consumer.pull(queue, "*", offset, PER_PULL);
      if (result.getPullStatus() == PullStatus.FOUND) {
        messages += result.getMsgFoundList().size();
      }
      offset = result.getNextBeginOffset();
    }
    return messages;
  }

  private static double cpuSeconds() {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }
}
