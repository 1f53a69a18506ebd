using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>What rows say about a model's labels and probabilities: exact sums, each row's numbers rounded by themselves.</summary>
/// <remarks>
/// Labels and ranks are those of the logits; probabilities, those of the
/// natural logits (<see cref="NaturalLogits"/>) times the inverse temperature.
/// </remarks>
sealed class DoubleMetrics(ModelShape shape, Scales scales, Targets targets)
{
    /// <summary>A row whose loss passes this is refused: at the scalar scale it is still far from the end of 128 bits.</summary>
    const double LossMax = 1L << 60;

    readonly NaturalLogits _natural = new(targets);
    readonly double[] _probabilities = new double[shape.ClassCount];

    /// <summary>Adds a row.</summary>
    /// <param name="label">The observed class; −1 − i for inactive class i.</param>
    /// <param name="weight">Above 0.</param>
    /// <param name="logits">[K]; not changed.</param>
    public void Add(EvaluationRequest request, int label, double weight, ReadOnlySpan<double> logits, EvaluationSums sums)
    {
        if (request.Kind.HasConfusion()) AddLabelGiven(label, weight, logits, sums);
        logits.CopyTo(_probabilities);
        _natural.Shift(_probabilities);
        if (request.Kind is EvaluationKind.Calibration) AddCalibration(request, label, weight, sums);
        else AddProbabilities(request, label, weight, logits, sums);
    }

    /// <summary>Counts the row's weight at its class and the label given. Inactive classes follow the active ones.</summary>
    void AddLabelGiven(int label, double weight, ReadOnlySpan<double> logits, EvaluationSums sums)
    {
        var observed = label < 0 ? shape.ClassCount - 1 - label : label;
        sums.Confusion[observed * shape.ClassCount + DoubleSoftmax.Largest(logits)] += FixedPoint.RoundWide(weight, scales.Scalar);
    }

    void AddCalibration(EvaluationRequest request, int label, double weight, EvaluationSums sums)
    {
        if (label < 0) return;
        if (!sums.Calibration!.Add(_probabilities, label, request.InverseTemperature, weight, scales.Scalar)) sums.NonFinite = true;
    }

    void AddProbabilities(EvaluationRequest request, int label, double weight, ReadOnlySpan<double> logits, EvaluationSums sums)
    {
        for (var k = 0; k < _probabilities.Length; k++) _probabilities[k] *= request.InverseTemperature;
        var belowMax = label < 0 ? 0 : _probabilities[DoubleSoftmax.Largest(_probabilities)] - _probabilities[label];
        var loss = DoubleSoftmax.ToProbabilities(_probabilities) + belowMax;
        if (!(loss <= LossMax))
        {
            sums.NonFinite = true;
            return;
        }

        if (request.Kind is EvaluationKind.Metrics) sums.Loss += label < 0 ? 0 : FixedPoint.RoundWide(weight * loss, scales.Scalar);
        sums.Ranking?.Add(_probabilities, request.FirstRankedClass, label, weight, scales.Scalar);
        sums.Probabilities?.Add(
            new ScoredRow(_probabilities, label, ScoredRow.RankOf(label, logits), loss, weight), scales.Scalar);
    }
}
