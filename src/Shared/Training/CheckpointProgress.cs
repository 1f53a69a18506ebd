namespace DistTrain.Training;

/// <summary>What a run knows of its own steps and of what is saved of them.</summary>
/// <param name="Boundary">The newest; null before the first.</param>
/// <param name="SavedStep">Step of the newest checkpoint known to be on the disk, or where the run began.</param>
/// <param name="Writing">Step of the checkpoint that is being written, if there is one.</param>
/// <param name="TriedStep">Step of the newest checkpoint that was asked for, or where the run began.</param>
/// <param name="TriedAt">When that was.</param>
sealed record CheckpointProgress(StepBoundary? Boundary, int SavedStep, int? Writing, int TriedStep, TimeSpan TriedAt)
{
    /// <summary>Of a run that begins at a step.</summary>
    public static CheckpointProgress At(int step) => new(null, step, null, step, TimeSpan.Zero);

    /// <summary>There is something that a checkpoint would save.</summary>
    public bool HasNews => Boundary is { } boundary && boundary.Step != SavedStep;

    /// <summary>After an answer of the trainer.</summary>
    public CheckpointProgress After(TrainerAnswer answer) => answer is { Question: { } question, Steps: [.., var step] }
        ? this with
        {
            Boundary = new StepBoundary(
                answer.Trainer, question.Parameters, step.Step, step.Epochs, answer.Trainer.IsClosing),
        }
        : this;

    /// <summary>Whether the boundary should be saved now. While one is being written, however slowly, no other is asked for.</summary>
    public bool IsDue(CheckpointPlan plan, TimeSpan at)
    {
        if (Boundary is not { } boundary || boundary.Step == TriedStep || Writing is not null) return false;
        var (steps, elapsed) = (boundary.Step - TriedStep, at - TriedAt);
        return steps >= plan.Steps
            || elapsed >= plan.Interval
            || (boundary.IsClosing && (plan.Interval is null || elapsed >= plan.ClosingAfter));
    }
}
