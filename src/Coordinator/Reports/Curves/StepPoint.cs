namespace DistTrain.Coordinator.Reports.Curves;

/// <summary>One step of a run, as events.jsonl has it. What it does not say is null.</summary>
/// <param name="Seconds">Since the run's start, the times before a resumption included.</param>
readonly record struct StepPoint(
    int Step, int Evaluations, double Epochs, double Seconds, double? Objective, double? GradientMax, double? ValidationLogLoss);

/// <summary>Where a run went on after an interruption.</summary>
/// <param name="Before">The last step before it that the run still knows; its place on every axis.</param>
readonly record struct Resumption(StepPoint Before);
