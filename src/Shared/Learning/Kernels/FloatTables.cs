using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The parameters in reference coding, in floats, as the float kernels read them: V_k = W_k − W_0 for the free classes k = 1 … K − 1,
/// so that class 0's logit is 0. Each difference is taken in double and rounded once.
/// </summary>
sealed unsafe class FloatTables
{
    /// <summary>Features whose lanes are written together: those of twenty-four lanes stay in the nearest cache.</summary>
    const int TileFeatures = 64;

    /// <summary>Numbers that may be read past the last weight.</summary>
    public const int GatherPadding = 4;

    readonly Parameters _parameters;
    readonly double[] _head;
    readonly Lazy<AlignedMemory<float>> _sparse;

    public FloatTables(Parameters parameters, FeatureLayout layout)
    {
        _parameters = parameters;
        _head = HeadOf(parameters, layout);
        _sparse = new Lazy<AlignedMemory<float>>(() => SparseOf(layout));
        Lanes = new LaneLayout(parameters.Shape.ClassCount);
        Dense = DenseOf(layout);
        Coded = [.. layout.Coded.Select(CodedOf)];
        Intercepts = [.. Enumerable.Range(0, Lanes.FreeClassCount).Select(c => Weight(c, layout.SparseFirst))];
    }

    public LaneLayout Lanes { get; }

    /// <summary>Weights of the dense columns, [K − 1][stride], zero-padded.</summary>
    public AlignedMemory<float> Dense { get; }

    /// <summary>For each coded column, the summed weights that each code stands for: [groups][codes][Width].</summary>
    public ImmutableArray<AlignedMemory<float>> Coded { get; }

    /// <summary>Weights of all sparse features, [groups][features][Width]; made when first asked for.</summary>
    public AlignedMemory<float> Sparse => _sparse.Value;

    /// <summary>b_k − b_0, [K − 1].</summary>
    public float[] Intercepts { get; }

    /// <summary>Weights of some features, in the order in which they are asked for, [groups][features][Width].</summary>
    /// <param name="features">n held features.</param>
    /// <param name="weights">Scratch, n·K and <see cref="GatherPadding"/> or longer.</param>
    /// <param name="table">n · lanes or longer.</param>
    public void Gather(ReadOnlySpan<int> features, Span<double> weights, AlignedMemory<float> table)
    {
        _parameters.Read(features, weights[..(features.Length * Lanes.ClassCount)]);
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, features.Length * Lanes.ClassCount + GatherPadding);
        ArgumentOutOfRangeException.ThrowIfLessThan(table.Length, features.Length * Lanes.LaneCount);
        fixed (double* first = weights)
        {
            for (var group = 0; group < Lanes.GroupCount; group++)
                GatherGroup(first, group * Lanes.Width, features.Length, table.First + (nint)group * Lanes.Width * features.Length);
        }
    }

    /// <summary>Differences of four classes at a time; where there are no four any more, of numbers that mean nothing, and are left out.</summary>
    /// <param name="weights">[count][K].</param>
    /// <param name="firstClass">The group's first free class.</param>
    /// <param name="table">[count][Width].</param>
    [MethodImpl(Compilation.Full)]
    void GatherGroup(double* weights, int firstClass, int count, float* table)
    {
        nint classCount = Lanes.ClassCount, width = Lanes.Width;
        for (nint lane = 0; lane < width; lane += 4)
        {
            var left = (int)(Lanes.FreeClassCount - firstClass - lane);
            var isClass = Vector128.GreaterThan(Vector128.Create(left), Vector128.Create(0, 1, 2, 3)).AsSingle();
            double* reference = weights, own = weights + (left > 0 ? 1 + firstClass + lane : 0);
            var target = table + lane;
            for (nint i = 0; i < count; i++, reference += classCount, own += classCount, target += width)
            {
                var differences = Vector256.Load(own) - Vector256.Create(*reference);
                var four = Vector128.Narrow(differences.GetLower(), differences.GetUpper()) & isClass;
                if (width == 2) four.GetLower().Store(target);
                else four.Store(target);
            }
        }
    }

    /// <summary>The weights of the features not held sparse and the intercepts, [SparseFirst + 1][K].</summary>
    static double[] HeadOf(Parameters parameters, FeatureLayout layout)
    {
        var head = new double[checked((layout.SparseFirst + 1) * parameters.Shape.ClassCount)];
        parameters.Read([.. Enumerable.Range(0, layout.SparseFirst), layout.FeatureCount], head);
        return head;
    }

    AlignedMemory<float> DenseOf(FeatureLayout layout)
    {
        var table = new AlignedMemory<float>(checked(Lanes.FreeClassCount * layout.DenseStride));
        for (var c = 0; c < Lanes.FreeClassCount; c++)
        {
            for (var d = 0; d < layout.DenseCount; d++) table.First[c * layout.DenseStride + d] = Weight(c, d);
        }
        return table;
    }

    [MethodImpl(Compilation.Full)]
    AlignedMemory<float> SparseOf(FeatureLayout layout)
    {
        var table = new AlignedMemory<float>(checked(Lanes.LaneCount * layout.SparseCount));
        var (width, values, featureCount) = ((nint)Lanes.Width, _parameters.Values, layout.FeatureCount);
        for (var start = 0; start < layout.SparseCount; start += TileFeatures)
        {
            var count = Math.Min(TileFeatures, layout.SparseCount - start);
            var reference = values.AsSpan(layout.SparseFirst + start, count);
            for (var c = 0; c < Lanes.FreeClassCount; c++)
            {
                var first = table.First + Lanes.IndexOf(c, start, layout.SparseCount);
                var own = values.AsSpan((c + 1) * featureCount + layout.SparseFirst + start, count);
                for (var f = 0; f < own.Length; f++) first[f * width] = (float)(own[f] - reference[f]);
            }
        }
        return table;
    }

    [MethodImpl(Compilation.Full)]
    AlignedMemory<float> CodedOf(CodedColumnLayout column)
    {
        var table = new AlignedMemory<float>(checked(Lanes.LaneCount * column.CodeCount));
        Span<double> sums = stackalloc double[column.CodeCount];
        nint width = Lanes.Width;
        for (var c = 0; c < Lanes.FreeClassCount; c++)
        {
            SumWeights(column, c, sums);
            var own = table.First + Lanes.IndexOf(c, 0, column.CodeCount);
            for (var code = 0; code < sums.Length; code++) own[code * width] = (float)sums[code];
        }
        return table;
    }

    /// <summary>The sums, in ascending order, of the weights that codes name. A code without its highest bit needs one weight less.</summary>
    /// <param name="sums">[codes].</param>
    void SumWeights(CodedColumnLayout column, int freeClass, Span<double> sums)
    {
        sums[0] = 0;
        for (var i = 0; i < column.FeatureCount; i++)
        {
            double weight = Weight(freeClass, column.FirstFeature + i);
            if (column.Kind == CodeKind.Level) sums[i + 1] = weight;
            else AddWeight(sums[..(1 << i)], weight, sums.Slice(1 << i, 1 << i));
        }
    }

    /// <summary>result = sums + weight.</summary>
    static void AddWeight(ReadOnlySpan<double> sums, double weight, Span<double> result)
    {
        var i = 0;
        for (; i <= sums.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            (Vector256.Create(sums[i..]) + Vector256.Create(weight)).CopyTo(result[i..]);
        for (; i < sums.Length; i++) result[i] = sums[i] + weight;
    }

    /// <summary>Of a feature not held sparse; SparseFirst stands for the intercept.</summary>
    float Weight(int freeClass, int feature) =>
        (float)(_head[feature * Lanes.ClassCount + freeClass + 1] - _head[feature * Lanes.ClassCount]);
}
