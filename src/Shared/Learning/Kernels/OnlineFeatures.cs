namespace DistTrain.Learning.Kernels;

/// <summary>
/// What the pass over a shard knows of each feature, the intercept being the last; cleared at the price of those that occurred.
/// </summary>
sealed class OnlineFeatures(ModelShape shape)
{
    readonly double[] _gradients = new double[shape.ParameterCount];
    readonly Known[] _known = new Known[shape.FeatureCount + 1];
    readonly List<int> _ofBatch = [];
    readonly List<int> _ofShard = [];

    /// <summary>Features that occurred in the batch, in the order of their first occurrence.</summary>
    public List<int> OfBatch => _ofBatch;

    /// <summary>And in the shard.</summary>
    public List<int> OfShard => _ofShard;

    /// <summary>The batch's gradient, [K].</summary>
    public Span<double> GradientOf(int feature) => _gradients.AsSpan(feature * shape.ClassCount, shape.ClassCount);

    /// <summary>Σ w|x|.</summary>
    public double SizeOf(int feature) => _known[feature].Size;

    /// <summary>The batch of its last step, from 1.</summary>
    public int LastOf(int feature) => _known[feature].LastBatch;

    public void Clear()
    {
        foreach (var feature in _ofShard) _known[feature] = default;
        _ofShard.Clear();
    }

    /// <summary>A nonzero value in a row of the batch.</summary>
    public void Touch(int feature, double value, double weight)
    {
        ref var known = ref _known[feature];
        if (known.Count == 0) _ofShard.Add(feature);
        if (!known.IsInBatch) _ofBatch.Add(feature);
        known.IsInBatch = true;
        known.Count++;
        known.Squares += value * value;
        known.Size += weight * Math.Abs(value);
    }

    /// <summary>The feature's rate after learning the batch's gradient, and the batches since its last step.</summary>
    public (double Rate, int Elapsed) Adapt(int feature, ReadOnlySpan<double> gradient, double learningRate, int batch)
    {
        ref var known = ref _known[feature];
        foreach (var g in gradient) known.GradientSquares += g * g;
        var elapsed = batch - known.LastBatch;
        (known.LastBatch, known.IsInBatch) = (batch, false);
        var size = Math.Sqrt(known.Squares / known.Count * known.GradientSquares);
        return (size > 0 ? learningRate / size : 0, elapsed);
    }

    public void CloseBatch() => _ofBatch.Clear();

    struct Known
    {
        public double Squares;
        public double Size;
        public double GradientSquares;
        public int Count;
        public int LastBatch;
        public bool IsInBatch;
    }
}
