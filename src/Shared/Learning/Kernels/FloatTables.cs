using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The parameters in reference coding, in floats, as the float kernels read them: V_k = W_k − W_0 for the free classes k = 1 … K − 1,
/// so that class 0's logit is 0. Each difference is taken in double and rounded once.
/// </summary>
sealed unsafe class FloatTables
{
    readonly Parameters _parameters;

    public FloatTables(Parameters parameters, FeatureLayout layout)
    {
        _parameters = parameters;
        Lanes = new LaneLayout(parameters.Shape.ClassCount);
        Dense = DenseOf(layout);
        Coded = [.. layout.Coded.Select(CodedOf)];
        Sparse = SparseOf(layout);
        Intercepts = [.. Enumerable.Range(1, Lanes.FreeClassCount).Select(k => (float)(parameters.Intercepts[k] - parameters.Intercepts[0]))];
    }

    public LaneLayout Lanes { get; }

    /// <summary>Weights of the dense columns, [K − 1][stride], zero-padded.</summary>
    public AlignedMemory<float> Dense { get; }

    /// <summary>For each coded column, the summed weights that each code stands for: [groups][codes][Width].</summary>
    public ImmutableArray<AlignedMemory<float>> Coded { get; }

    /// <summary>Weights of the sparse features, [groups][features][Width].</summary>
    public AlignedMemory<float> Sparse { get; }

    /// <summary>b_k − b_0, [K − 1].</summary>
    public float[] Intercepts { get; }

    AlignedMemory<float> DenseOf(FeatureLayout layout)
    {
        var table = new AlignedMemory<float>(checked(Lanes.FreeClassCount * layout.DenseStride));
        for (var c = 0; c < Lanes.FreeClassCount; c++)
        {
            for (var d = 0; d < layout.DenseCount; d++) table.First[c * layout.DenseStride + d] = Weight(c, d);
        }
        return table;
    }

    AlignedMemory<float> SparseOf(FeatureLayout layout)
    {
        var table = new AlignedMemory<float>(checked(Lanes.LaneCount * layout.SparseCount));
        for (var c = 0; c < Lanes.FreeClassCount; c++)
        {
            var first = table.First + Lanes.IndexOf(c, 0, layout.SparseCount);
            for (nint f = 0; f < layout.SparseCount; f++) first[f * Lanes.Width] = Weight(c, layout.SparseFirst + (int)f);
        }
        return table;
    }

    AlignedMemory<float> CodedOf(CodedColumnLayout column)
    {
        var table = new AlignedMemory<float>(checked(Lanes.LaneCount * column.CodeCount));
        for (var c = 0; c < Lanes.FreeClassCount; c++)
        {
            for (var code = 1; code < column.CodeCount; code++)
                table.First[Lanes.IndexOf(c, code, column.CodeCount)] = (float)CodeWeight(column, code, c);
        }
        return table;
    }

    /// <summary>The sum, in ascending order, of the weights that a code names.</summary>
    double CodeWeight(CodedColumnLayout column, int code, int freeClass)
    {
        if (column.Kind == CodeKind.Level) return Weight(freeClass, column.FirstFeature + code - 1);

        var sum = 0.0;
        for (var bit = 0; bit < column.FeatureCount; bit++)
        {
            if ((code >> bit & 1) != 0) sum += Weight(freeClass, column.FirstFeature + bit);
        }
        return sum;
    }

    float Weight(int freeClass, int feature) =>
        (float)(_parameters.WeightsOf(freeClass + 1)[feature] - _parameters.Weights[feature]);
}
