using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>Counts the steps since anything got better: neither the objective by a part in a billion nor the gradient by a tenth.</summary>
/// <param name="Objective">Lowest objective that counted as progress.</param>
/// <param name="GradientMax">Lowest gradient that counted as progress.</param>
/// <param name="Steps">Steps since then.</param>
readonly record struct Stall(double Objective, double GradientMax, int Steps)
{
    const int StepsMax = 12;
    const double ObjectiveProgress = 1e-9;
    const double GradientProgress = 0.9;

    /// <summary>True where going on is no longer worth an evaluation.</summary>
    public bool IsOver => Steps >= StepsMax;

    public void Save(StateWriter state)
    {
        state.Write(Objective);
        state.Write(GradientMax);
        state.Write(Steps);
    }

    public static Stall Restore(StateReader saved) => new(saved.ReadDouble(), saved.ReadDouble(), saved.ReadInt32());

    public Stall After(double objective, double gradientMax)
    {
        var lower = objective < Objective - ObjectiveProgress * Math.Abs(Objective);
        var flatter = gradientMax < GradientProgress * GradientMax;
        return new(
            lower ? objective : Objective,
            flatter ? gradientMax : GradientMax,
            lower || flatter ? 0 : Steps + 1);
    }
}
