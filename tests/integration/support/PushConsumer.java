import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;

/** RocketMQ's own push consumer, which shares a topic's queues out with its group: says how many it has, whenever that changes. */
public class PushConsumer {
    public static void main(String[] arguments) throws Exception {
        DefaultMQPushConsumer consumer = started(arguments[0], arguments[1], arguments[2]);
        for (int known = -1; true; Thread.sleep(50)) {
            int queues = consumer.getDefaultMQPushConsumerImpl().getRebalanceImpl().getProcessQueueTable().size();
            if (queues != known) {
                System.out.println("queues " + queues);
            }
            known = queues;
        }
    }

    /** Its client gives up servers that take some seconds to answer, as they do on a busy machine. */
    private static DefaultMQPushConsumer started(String endpoint, String group, String topic) throws Exception {
        while (true) {
            DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(group);
            consumer.setNamesrvAddr(endpoint);
            consumer.subscribe(topic, "*");
            consumer.registerMessageListener(
                    (MessageListenerConcurrently) (messages, context) -> ConsumeConcurrentlyStatus.CONSUME_SUCCESS);
            try {
                consumer.start();
                return consumer;
            } catch (Exception failure) {
                failure.printStackTrace();
                consumer.shutdown();
                Thread.sleep(1000);
            }
        }
    }
}
