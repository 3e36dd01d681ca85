import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;

/**
 * Apache's producer, sending so many messages of about 100 bytes to a topic: one by one, or in batches of the size given, which its user has
 * to collect. Prints messages and sends.
 */
public class Sender {
  public static void main(String[] arguments) throws Exception {
    String topic = arguments[1];
    int messages = Integer.parseInt(arguments[2]);
    int perSend = Integer.parseInt(arguments[3]);
    DefaultMQProducer producer = new DefaultMQProducer("java-sender");
    producer.setNamesrvAddr(arguments[0]);
    producer.start();
    int sends = 0;
    for (int sent = 0; sent < messages; sent += perSend) {
      List<Message> batch = new ArrayList<>();
      for (int i = sent; i < Math.min(messages, sent + perSend); i++) {
        batch.add(new Message(topic, String.format("%0100d", i).getBytes(StandardCharsets.US_ASCII)));
      }
      if (perSend == 1) {
        producer.send(batch.get(0));
      } else {
        producer.send(batch);
      }
      sends++;
    }
    System.out.printf("{\"messages\": %d, \"sends\": %d}%n", messages, sends);
    producer.shutdown();
  }
}
