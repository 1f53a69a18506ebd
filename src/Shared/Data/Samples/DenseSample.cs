using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>Bell-shaped numeric columns on scales from 0.01 to 100, labels drawn from a softmax with planted weights.</summary>
/// <remarks>
/// A value is k / 10^p with a whole k, so that its shortest decimal reads back to the same bits. k is a thousand times a sum of four
/// uniform numbers, centred and scaled to variance 1: near a normal number, at a tenth of the cost.
/// </remarks>
sealed record DenseSample(int Rows, int Features, int Classes, ulong Seed) : SampleSpec, IRowSource
{
    public static readonly ImmutableArray<string> Keys = ["rows", "features", "classes", "seed"];

    const int FeaturesMax = 65_000;
    const int ClassesMax = 1000;
    const long CellsMax = 1L << 36;

    /// <summary>Of a table in memory.</summary>
    const long TableCellsMax = 1L << 32;

    const double SignalDeviation = 2.0;

    static readonly double[] PowersOfTen = [1e1, 1e2, 1e3, 1e4, 1e5];

    public override string Text => FormattableString.Invariant($"dense,rows={Rows},features={Features},classes={Classes},seed={Seed}");

    public override TableFormat Format => TableFormat.Csv;

    public static DenseSample From(SampleArguments arguments)
    {
        var spec = new DenseSample(
            arguments.Number("rows", 100_000, 1, RowsMax),
            arguments.Number("features", 64, 1, FeaturesMax),
            arguments.Number("classes", 3, 2, ClassesMax),
            arguments.Seed());
        var cells = (long)spec.Rows * spec.Features;
        return cells <= CellsMax ? spec : throw SampleProblems.TooLarge("dense", cells, CellsMax).AsException();
    }

    public int RowCount => Rows;

    public DatasetSize SizeMax => new()
    {
        FeatureCount = Features,
        ClassCount = Classes,
        RowCount = Rows,
        DenseStride = (Features + 7) / 8 * 8,
        CodedCount = 0,
        NonzeroCount = 0,
        TableBytes = (long)Rows * (Features * sizeof(double) + 2 * sizeof(int)),
    };

    public override Table CreateTable()
    {
        var cells = (long)Rows * Features;
        return cells <= TableCellsMax
            ? TableOf([.. Enumerable.Range(0, Rows)])
            : throw SampleProblems.TooLargeForMemory("dense", cells, TableCellsMax).AsException();
    }

    public Table TableOf(ReadOnlySpan<int> rows)
    {
        var columns = new double[Features][];
        for (var d = 0; d < Features; d++) columns[d] = new double[rows.Length];

        var weights = PlantedWeights();
        var logits = new double[Classes];
        var labels = new CodedText();
        for (var row = 0; row < rows.Length; row++)
        {
            var random = new CounterRandom(Seed, SampleStream.Row.Of(rows[row]));
            Array.Clear(logits);
            for (var d = 0; d < Features; d++)
            {
                var thousandths = NearNormalThousandths(random.NextUInt64());
                columns[d][row] = thousandths / PowersOfTen[d % PowersOfTen.Length];
                for (var k = 0; k < Classes; k++) logits[k] += weights[d * Classes + k] * thousandths;
            }
            labels.Add(FormattableString.Invariant($"{PlantedSoftmax.Draw(logits, ref random)}"));
        }
        return TableOf(
            [.. columns.Select((values, d) => new NumericColumn($"x{d + 1}", values))], labels.ToColumn("label"), rows.ToArray());
    }

    /// <summary>Shape [features, classes], for values in thousandths; logits have deviation 2.</summary>
    double[] PlantedWeights()
    {
        var random = new CounterRandom(Seed, SampleStream.Weight.Of(0));
        var weights = new double[Features * Classes];
        foreach (ref var weight in weights.AsSpan()) weight = random.NextGaussian() * SignalDeviation / (1000 * Math.Sqrt(Features));
        return weights;
    }

    static long NearNormalThousandths(ulong bits)
    {
        // Four uniform numbers of 16 bits: mean 131,070, deviation 65,536 / √3.
        const double ThousandthsOfOne = 1000 * 1.7320508075688772 / 65_536;
        var sum = (long)((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48));
        return (long)Math.Round((sum - 131_070) * ThousandthsOfOne);
    }
}
