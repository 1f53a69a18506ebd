namespace DistTrain.Learning.Kernels;

/// <summary>
/// The weights feature by feature, [D][K], so that one feature's classes lie together; the intercepts [K] follow as feature D.
/// </summary>
sealed class DoubleTable
{
    readonly int _classCount;
    readonly double[] _values;

    public DoubleTable(Parameters parameters)
    {
        var (classes, features) = (parameters.Shape.ClassCount, parameters.Shape.FeatureCount);
        _classCount = classes;
        _values = new double[parameters.Shape.ParameterCount];
        for (var k = 0; k < classes; k++)
        {
            var weights = parameters.WeightsOf(k);
            for (var d = 0; d < features; d++) _values[d * classes + k] = weights[d];
            _values[features * classes + k] = parameters.Intercepts[k];
        }
    }

    /// <summary>[D + 1][K]. Only to be read.</summary>
    public double[] Values => _values;

    /// <summary>The K weights of a held feature; of number D, the intercepts.</summary>
    public ReadOnlySpan<double> Of(int feature) => _values.AsSpan(feature * _classCount, _classCount);
}
