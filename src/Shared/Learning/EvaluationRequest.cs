using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning.Online;

namespace DistTrain.Learning;

/// <summary>What an evaluation computes.</summary>
public enum EvaluationKind
{
    /// <summary>Float loss and gradient over the whole training part.</summary>
    Gradient,

    /// <summary>Float loss and gradient over one batch of the training part.</summary>
    Batch,

    /// <summary>Double loss, gradient, confusion and probability sums over the training part: the closing pass.</summary>
    Closing,

    /// <summary>Double entropies of the certificate's distributions over the training part.</summary>
    Entropy,

    /// <summary>Double log-loss, confusion and probability sums over either part.</summary>
    Metrics,

    /// <summary>How rows of some classes and all others spread over the bins of the class's probability, over either part.</summary>
    Ranking,

    /// <summary>Double log-loss at a temperature, with slope and curvature, over either part.</summary>
    Calibration,

    /// <summary>Where each shard of the training part comes to by an online pass of its own.</summary>
    Online,
}

public static class EvaluationKinds
{
    public static bool HasGradient(this EvaluationKind kind) =>
        kind is EvaluationKind.Gradient or EvaluationKind.Batch or EvaluationKind.Closing;

    /// <summary>Whether it adds the loss that training minimises, block by block.</summary>
    public static bool HasObjective(this EvaluationKind kind) => kind.HasGradient() || kind is EvaluationKind.Entropy;

    /// <summary>Whether it looks at labels or probabilities row by row.</summary>
    public static bool HasMetrics(this EvaluationKind kind) =>
        kind.HasConfusion() || kind is EvaluationKind.Ranking or EvaluationKind.Calibration;

    /// <summary>Whether it has confusion and probability sums.</summary>
    public static bool HasConfusion(this EvaluationKind kind) => kind is EvaluationKind.Closing or EvaluationKind.Metrics;
}

/// <summary>One question put to all shards of a part at one parameter version.</summary>
/// <param name="Batch">The batch, where the kind is <see cref="EvaluationKind.Batch"/>.</param>
/// <param name="Mix">The certificate's mixture, where the kind is <see cref="EvaluationKind.Entropy"/>.</param>
public sealed record EvaluationRequest(
    EvaluationKind Kind, DatasetPart Part = DatasetPart.Training, BatchPosition? Batch = null, CertificateMix? Mix = null)
{
    /// <summary>The first of the classes that are ranked, where the kind is <see cref="EvaluationKind.Ranking"/>.</summary>
    public int FirstRankedClass { get; init; }

    /// <summary>
    /// By what logits are multiplied before they become probabilities, above 0; 1 is the model as trained. For the kinds of metrics,
    /// ranking and calibration.
    /// </summary>
    public double InverseTemperature { get; init; } = 1;

    /// <summary>How to pass, where the kind is <see cref="EvaluationKind.Online"/>.</summary>
    public OnlinePass? Online { get; init; }
}

/// <summary>Step <paramref name="Step"/> of <paramref name="StepsPerEpoch"/> in epoch <paramref name="Epoch"/>, all from 0.</summary>
/// <remarks>
/// <see cref="BatchSchedule"/> says which rows that are; every row comes once an epoch, whatever the number of workers.
/// </remarks>
public sealed record BatchPosition(int Epoch, int Step, int StepsPerEpoch, ulong Seed);

/// <summary>
/// Turns a prediction p into the certificate's distribution a by moving probability from classes predicted too often to those predicted
/// too seldom, so that class means match the observed ones, and then towards the target q of the row:
///   aₖ = (1 − t)(pₖ − givenₖpₖ + receivedₖ Σⱼ givenⱼpⱼ) + t·qₖ
/// </summary>
/// <param name="Given">For each active class, the share of its probability that is moved away; in [0, 1).</param>
/// <param name="Received">For each active class, its share of what is moved: at least 0, sum 1 (or all 0, where nothing is moved).</param>
/// <param name="Observed">t, in [0, 1].</param>
public sealed record CertificateMix(ImmutableArray<double> Given, ImmutableArray<double> Received, double Observed = 0)
{
    /// <summary>Writes a, [K], from p, [K]; the two may be the same memory.</summary>
    /// <param name="label">The observed class, of which <paramref name="targets"/> make q.</param>
    public void Apply(ReadOnlySpan<double> probabilities, int label, Targets targets, Span<double> mixed)
    {
        var moved = 0.0;
        for (var k = 0; k < probabilities.Length; k++) moved += Given[k] * probabilities[k];
        for (var k = 0; k < probabilities.Length; k++)
        {
            mixed[k] = (1 - Observed) * (probabilities[k] - Given[k] * probabilities[k] + Received[k] * moved)
                + Observed * targets.LabelSmoothing / mixed.Length;
        }
        mixed[label] += Observed * (1 - targets.LabelSmoothing);
    }
}
