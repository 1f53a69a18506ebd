using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class TileSoftmaxTests
{
    [Theory]
    [InlineData(2, 1.0), InlineData(3, 5.0), InlineData(4, 50.0), InlineData(5, 1e3), InlineData(13, 1e-3)]
    public void Every_row_of_a_tile_has_the_bits_that_it_has_alone(int classCount, double spread)
    {
        var random = new CounterRandom(21, 3);
        var softmax = new TileSoftmax(classCount);
        for (var round = 0; round < 500; round++)
        {
            var logits = new double[DoubleTile.RowsMax * classCount];
            foreach (ref var z in logits.AsSpan()) z = spread * random.NextGaussian();
            if (round % 7 == 0) logits[0] = round % 2 == 0 ? logits[1] : double.NaN;

            fixed (double* first = logits) MustBeAsAlone(softmax, first, 1 + round % DoubleTile.RowsMax, classCount);
        }
    }

    static void MustBeAsAlone(TileSoftmax softmax, double* logits, int rowCount, int classCount)
    {
        var tile = new DoubleTile();
        for (var i = 0; i < rowCount; i++) tile.Add(i, logits + i * classCount);

        softmax.Take(tile);

        for (var i = 0; i < rowCount; i++)
        {
            var alone = new Span<double>(logits + i * classCount, classCount).ToArray();
            var logSum = DoubleSoftmax.ToProbabilities(alone);
            Assert.Equal(Bits([.. alone, logSum]), Bits([.. softmax.ProbabilitiesOf(i), softmax.LogSumOf(i)]));
        }
    }

    static long[] Bits(double[] numbers) => Array.ConvertAll(numbers, x => double.IsNaN(x) ? -1 : BitConverter.DoubleToInt64Bits(x));
}
