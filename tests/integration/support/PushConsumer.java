import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;

/** RocketMQ's own push consumer, which shares a topic's queues out with its group: says how many it has, whenever that changes. */
public class PushConsumer {
    public static void main(String[] arguments) throws Exception {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(arguments[1]);
        consumer.setNamesrvAddr(arguments[0]);
        consumer.subscribe(arguments[2], "*");
        consumer.registerMessageListener(
                (MessageListenerConcurrently) (messages, context) -> ConsumeConcurrentlyStatus.CONSUME_SUCCESS);
        consumer.start();
        for (int known = -1; true; Thread.sleep(50)) {
            int queues = consumer.getDefaultMQPushConsumerImpl().getRebalanceImpl().getProcessQueueTable().size();
            if (queues != known) {
                System.out.println("queues " + queues);
            }
            known = queues;
        }
    }
}
