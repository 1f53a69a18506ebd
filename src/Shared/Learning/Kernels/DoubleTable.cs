using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The parameters as the double kernels read them: feature by feature, so that one feature's classes lie together, and the dense columns'
/// weights once more class by class.
/// </summary>
sealed class DoubleTable
{
    [MethodImpl(Compilation.Full)]
    public DoubleTable(Parameters parameters, FeatureLayout layout)
    {
        var (classes, features) = (parameters.Shape.ClassCount, parameters.Shape.FeatureCount);
        Values = new double[parameters.Shape.ParameterCount + Vector256<double>.Count - 1];
        Dense = new AlignedMemory<double>(checked(classes * layout.DenseStride));
        for (var k = 0; k < classes; k++)
        {
            var weights = parameters.WeightsOf(k);
            for (var d = 0; d < features; d++) Values[d * classes + k] = weights[d];
            Values[features * classes + k] = parameters.Intercepts[k];
            weights[..layout.DenseCount].CopyTo(Dense.Span[(k * layout.DenseStride)..]);
        }
    }

    /// <summary>
    /// [D + 1][K], the intercepts as feature D, and behind them enough to load whole vectors from any number on. Only to be read.
    /// </summary>
    public double[] Values { get; }

    /// <summary>[K][stride], zero-padded.</summary>
    public AlignedMemory<double> Dense { get; }
}
