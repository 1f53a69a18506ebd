using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning;

public sealed class SoftmaxColumnsTests
{
    const int Classes = 5;
    const int Features = 90;
    static readonly double[] Priors = [0.1, 0.3, 0.2, 0.15, 0.25];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 7)]
    [InlineData(20, SoftmaxColumns.CountMax)]
    public void Columns_solved_side_by_side_are_to_the_bit_those_solved_one_by_one(int first, int count)
    {
        var random = new CounterRandom(30, (ulong)count);
        double[] vector = Numbers(Classes * Features), intercepts = Numbers(Classes), means = Numbers(count);
        double[] variances = [.. Numbers(count).Select(x => x * x)], l2 = [.. Numbers(count).Select(Math.Abs)];
        var tile = new SoftmaxColumns(Classes, Priors);
        tile.Open(Numbers(SoftmaxColumns.CountMax), Numbers(SoftmaxColumns.CountMax), Numbers(SoftmaxColumns.CountMax)); // What was there before.
        tile.Take(Numbers(Classes * Features), 0, Features, intercepts);

        tile.Open(means, variances, l2);
        tile.Take(vector, first, Features, intercepts);
        tile.SolveShared();

        var solved = vector.ToArray();
        tile.Give(solved, first, Features);
        for (var i = 0; i < count; i++)
        {
            double[] column = [.. Enumerable.Range(0, Classes).Select(k => vector[k * Features + first + i] - means[i] * intercepts[k])];
            Centering.AcrossClasses(column, 0, 1, Classes);
            for (var k = 0; k < Classes; k++) column[k] /= Priors[k] * variances[i] + l2[i];
            Centering.AcrossClasses(column, 0, 1, Classes);
            for (var k = 0; k < Classes; k++)
            {
                Assert.Equal(column[k], solved[k * Features + first + i]);
                vector[k * Features + first + i] = column[k];
            }
        }
        Assert.Equal(vector, solved); // Nothing else was written.

        double[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextGaussian())];
    }

    [Fact]
    public void Sums_over_the_columns_of_all_tiles_are_those_of_one_column_after_the_other()
    {
        float[] vector = [.. Enumerable.Range(0, Classes * Features).Select(i => (float)Math.Sin(i))];
        double[] means = [.. Enumerable.Range(0, Features).Select(d => Math.Cos(d))], nothing = new double[Classes];
        var tile = new SoftmaxColumns(Classes, Priors);
        for (var first = 0; first < Features; first += tile.Count)
        {
            var columns = first..Math.Min(first + SoftmaxColumns.CountMax, Features);
            tile.Open(means.AsSpan(columns), means.AsSpan(columns), means.AsSpan(columns));
            tile.Take(vector, first, Features, nothing);
            tile.AddShifts();
            tile.AddProducts(vector, first, Features);
        }

        var expected = Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Features).Sum(d => means[d] * vector[k * Features + d]));
        foreach (var (shift, sum) in tile.Shifts().Zip(expected)) Assert.Equal(sum, shift, 1e-12);
        Assert.Equal(vector.Sum(x => (double)x * x), tile.Product(), 1e-10);
    }
}
