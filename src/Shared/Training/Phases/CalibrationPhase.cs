using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>Fits the temperature on the validation part, at the closing parameters; skipped where not asked for.</summary>
/// <param name="LogLossBefore">Of the validation part at temperature 1; null before it is known.</param>
sealed record CalibrationPhase(
    ClosingPhase Closing, TrainingResult Measured, TemperatureSearch Search, double? LogLossBefore) : ITrainer
{
    /// <summary>
    /// A log-loss below this has no row that is not certain, and right: the slope is lost in rounding before any end is reached.
    /// </summary>
    const double CertainLoss = 1e-12;

    public bool IsClosing => true;

    /// <param name="measured">Everything but the calibration.</param>
    public static TrainerAnswer Start(ClosingPhase closing, TrainingResult measured)
    {
        var phase = new CalibrationPhase(closing, measured, new TemperatureSearch(), null);
        return closing.Problem.Calibration is CalibrationKind.Temperature ? phase.Ask() : phase.Finish(null);
    }

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        var means = MeansOf(sums);
        if ((LogLossBefore ?? means?.Loss) is not { } before) return Finish(null);

        var search = Search.Tell(means?.Slope ?? double.PositiveInfinity, means?.Curvature ?? 0);
        return search.IsFinished
            ? Finish(Found(search, before, means?.Loss ?? double.PositiveInfinity))
            : (this with { Search = search, LogLossBefore = before }).Ask();
    }

    public TrainerAnswer Close(StoppedBy reason) => Closing.Close(reason);

    public void Save(StateWriter state) => Closing.Save(state);

    /// <summary>Loss, slope and curvature per weight; null where they cannot be added, or no row can be counted.</summary>
    (double Loss, double Slope, double Curvature)? MeansOf(EvaluationSums sums)
    {
        var (of, scales) = (sums.Calibration!, Closing.Problem.Objective.Scales);
        if (sums.NonFinite || of.Weight == WideInteger.Zero) return null;

        var weight = EvaluationSums.ToNumber(of.Weight, scales);
        return (Mean(of.Loss), Mean(of.Slope), Mean(of.Curvature));

        double Mean(WideInteger sum) => EvaluationSums.ToNumber(sum, scales) / weight;
    }

    /// <summary>Where rounding leaves nothing to gain, the model stays as it is.</summary>
    static Calibration Found(TemperatureSearch search, double before, double fitted)
    {
        var isUnbounded = search.IsAtLimit || fitted < CertainLoss;
        return fitted < before ? new(1 / search.Trial, before, fitted, isUnbounded) : new(1, before, before, isUnbounded);
    }

    TrainerAnswer Ask() => new(
        this,
        Closing.Ask(new EvaluationRequest(EvaluationKind.Calibration, DatasetPart.Validation) { InverseTemperature = Search.Trial }),
        [], null);

    TrainerAnswer Finish(Calibration? calibration) => new(this, null, [], Measured with { Calibration = calibration });
}
