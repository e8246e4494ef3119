import java.io.FileInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * Reads files with HdrHistogram's own library. "log FILE" prints a line for each interval of a log: tag, start, end,
 * largest value, count, p50 and p99. "distribution FILE" prints the percentile distribution of an encoded histogram, in
 * milliseconds, 5 ticks to a half distance.
 */
public class FileJudge {
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("log")) {
      printLog(arguments[1]);
    } else {
      printDistribution(arguments[1]);
    }
  }

  private static void printLog(String file) throws Exception {
    HistogramLogReader reader = new HistogramLogReader(new FileInputStream(file));
    for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
      Histogram histogram = (Histogram) next;
      System.out.println(histogram.getTag() + " " + histogram.getStartTimeStamp() + " " + histogram.getEndTimeStamp()
          + " " + histogram.getValueAtPercentile(100) + " " + histogram.getTotalCount() + " " + histogram.getValueAtPercentile(50)
          + " " + histogram.getValueAtPercentile(99));
    }
  }

  private static void printDistribution(String file) throws Exception {
    byte[] bytes = Base64.getDecoder().decode(Files.readString(Path.of(file)));
    Histogram histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
    histogram.outputPercentileDistribution(System.out, 5, 1_000_000.0);
  }
}
