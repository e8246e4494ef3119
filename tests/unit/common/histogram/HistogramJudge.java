import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/** Decodes the histogram in a file with HdrHistogram's own library, prints its figures, and encodes it again. */
public class HistogramJudge {
  public static void main(String[] arguments) throws Exception {
    byte[] bytes = Base64.getDecoder().decode(Files.readString(Path.of(arguments[0])));
    Histogram histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
    System.out.println(histogram.getTotalCount());
    System.out.println(histogram.getMinValue());
    System.out.println(histogram.getMaxValue());
    System.out.println(histogram.getValueAtPercentile(50));
    System.out.println(histogram.getValueAtPercentile(99));
    System.out.println(histogram.getValueAtPercentile(99.9));
    System.out.println(Math.round(histogram.getMean()));
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    System.out.println(Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(buffer.array(), length)));
  }
}
