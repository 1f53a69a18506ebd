using DistTrain.Formats.State;

namespace DistTrain.Training.Phases;

/// <summary>How far a run, or a part of it, has come.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="Evaluations">Evaluations for the optimiser; closing passes and judgements not counted.</param>
/// <param name="Epochs">Passes over the training rows by these, fractions included.</param>
readonly record struct TrainingProgress(int Steps, int Evaluations, double Epochs)
{
    public StepSummary Summarize(double objective, double? gradientMax) => new(Steps, Evaluations, Epochs, objective, gradientMax);

    public TrainingProgress Plus(TrainingProgress later) =>
        new(Steps + later.Steps, Evaluations + later.Evaluations, Epochs + later.Epochs);

    /// <summary>A step of a later part, counted from the beginning of this one.</summary>
    public StepSummary Plus(StepSummary later) => later with
    {
        Step = Steps + later.Step,
        Evaluations = Evaluations + later.Evaluations,
        Epochs = Epochs + later.Epochs,
    };

    /// <summary>What happened in a later part, its steps counted from the beginning of this one.</summary>
    public TrainingNotice Plus(TrainingNotice later) => later switch
    {
        ValidationWatchedNotice watched => watched with { Step = Steps + watched.Step, Epochs = Epochs + watched.Epochs },
        CertificateTriedNotice tried => tried with { Step = Steps + tried.Step },
        _ => later,
    };

    public void Save(StateWriter state)
    {
        state.Write(Steps);
        state.Write(Evaluations);
        state.Write(Epochs);
    }

    public static TrainingProgress Restore(StateReader saved) => new(saved.ReadInt32(), saved.ReadInt32(), saved.ReadDouble());
}
