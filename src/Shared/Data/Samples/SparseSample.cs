using System.Collections.Immutable;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>Rows of a few nonzeros in many columns, low ones far more frequent (log-uniform); labels from a planted softmax.</summary>
/// <param name="Nonzeros">Of each row; a few less where the same column is drawn again and again.</param>
/// <param name="HasOnes">All values are 1; else thousandths from 0.001 to 2.</param>
sealed record SparseSample(int Rows, int Features, int Classes, int Nonzeros, bool HasOnes, ulong Seed) : SampleSpec
{
    public static readonly ImmutableArray<string> Keys = ["rows", "features", "classes", "nonzeros", "values", "seed"];

    const int ClassesMax = 1000;
    const int NonzerosMax = 10_000;
    const long CellsMax = 1L << 30;
    const int DrawsPerNonzero = 4;
    const int ThousandthsMax = 2000;
    const double SignalScale = 3.0;

    static readonly ImmutableArray<string> Words = ["ones", "floats"];

    public override string Text => FormattableString.Invariant(
        $"sparse,rows={Rows},features={Features},classes={Classes},nonzeros={Nonzeros},values={Words[HasOnes ? 0 : 1]},seed={Seed}");

    public override TableFormat Format => TableFormat.Libsvm;

    public static SparseSample From(SampleArguments arguments)
    {
        var features = arguments.Number("features", 1 << 20, 1, int.MaxValue);
        var spec = new SparseSample(
            arguments.Number("rows", 100_000, 1, RowsMax),
            features,
            arguments.Number("classes", 3, 2, ClassesMax),
            arguments.Number("nonzeros", 30, 1, Math.Min(features, NonzerosMax)),
            arguments.Word("values", Words) == Words[0],
            arguments.Seed());
        var cells = (long)spec.Rows * spec.Nonzeros;
        return cells <= CellsMax ? spec : throw SampleProblems.TooLarge("sparse", cells, CellsMax).AsException();
    }

    public override Table CreateTable()
    {
        var starts = new long[Rows + 1];
        var (indices, values) = (new List<int>(Rows * Nonzeros), new List<double>(Rows * Nonzeros));
        var (row, drawn, logits, labels) = (0, new SortedSet<int>(), new double[Classes], new CodedText());
        for (; row < Rows; row++)
        {
            var random = new CounterRandom(Seed, SampleStream.Row.Of(row));
            DrawColumns(drawn, ref random);
            Array.Clear(logits);
            foreach (var index in drawn)
            {
                var value = HasOnes ? 1 : (1 + random.NextInt32(ThousandthsMax)) / 1000.0;
                indices.Add(index);
                values.Add(value);
                AddLogits(index, value, logits);
            }
            labels.Add(FormattableString.Invariant($"{PlantedSoftmax.Draw(logits, ref random)}"));
            starts[row + 1] = indices.Count;
        }
        return TableOf([new IndexedColumns(starts, [.. indices], [.. values], 1)], labels.ToColumn("label"));
    }

    /// <summary>Distinct columns 1 … Features; the density of column j falls as 1/j.</summary>
    void DrawColumns(SortedSet<int> drawn, ref CounterRandom random)
    {
        drawn.Clear();
        var range = PinnedMath.Log(Features + 1.0);
        for (var draws = DrawsPerNonzero * Nonzeros; drawn.Count < Nonzeros && draws > 0; draws--)
            drawn.Add(Math.Clamp((int)PinnedMath.Exp(random.NextDouble() * range), 1, Features));
    }

    /// <summary>Planted weights are uniform in ±1 and come from their own streams, so that none need be kept.</summary>
    void AddLogits(int index, double value, Span<double> logits)
    {
        var random = new CounterRandom(Seed, SampleStream.Weight.Of(index));
        var scale = SignalScale * value / Math.Sqrt(Nonzeros);
        foreach (ref var logit in logits) logit += (2 * random.NextDouble() - 1) * scale;
    }
}
