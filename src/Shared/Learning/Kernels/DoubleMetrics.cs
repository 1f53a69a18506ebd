using System.Runtime.CompilerServices;
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
        logits.CopyTo(_probabilities);
        _natural.Shift(_probabilities);
        if (request.Kind is EvaluationKind.Calibration)
        {
            AddCalibration(request, label, weight, sums);
            return;
        }

        for (var k = 0; k < _probabilities.Length; k++) _probabilities[k] *= request.InverseTemperature;
        var belowMax = label < 0 ? 0 : _probabilities[DoubleSoftmax.Largest(_probabilities)] - _probabilities[label];
        var loss = DoubleSoftmax.ToProbabilities(_probabilities) + belowMax;
        Add(request, label, weight, logits, _probabilities, loss, sums);
    }

    /// <summary>Whether the probabilities that are told are the softmax of the logits themselves.</summary>
    public bool AreOfTraining(EvaluationRequest request) => !targets.HasClassWeights && request.InverseTemperature == 1;

    /// <summary>Adds a row whose probabilities are known already; not for calibration.</summary>
    /// <param name="probabilities">Natural ones, [K].</param>
    /// <param name="loss">−log p(observed).</param>
    [MethodImpl(Compilation.Full)]
    public void Add(
        EvaluationRequest request, int label, double weight, ReadOnlySpan<double> logits, ReadOnlySpan<double> probabilities, double loss,
        EvaluationSums sums)
    {
        if (request.Kind.HasConfusion()) AddLabelGiven(label, weight, logits, sums);
        if (!(loss <= LossMax))
        {
            sums.NonFinite = true;
            return;
        }

        if (request.Kind is EvaluationKind.Metrics) sums.Loss += label < 0 ? 0 : FixedPoint.RoundWide(weight * loss, scales.Scalar);
        sums.Ranking?.Add(probabilities, request.FirstRankedClass, label, weight, scales.Scalar);
        sums.Probabilities?.Add(
            new ScoredRow(probabilities, label, ScoredRow.RankOf(label, logits), loss, weight), scales.Scalar);
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
}
