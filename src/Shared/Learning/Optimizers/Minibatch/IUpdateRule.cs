using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// What an optimiser makes of gradients, in units of the columns. Its state is in a <see cref="FeatureStore"/>, and only that of a step's
/// features changes: several threads may use a rule at once for different features.
/// </summary>
/// <remarks>
/// A new optimiser is one rule and one line of recipe. Rules are structures, so that the loop over features is compiled for each with
/// nothing called in it. Gradients are 0 in lanes beyond the last class, and updates too.
/// </remarks>
unsafe interface IUpdateRule
{
    /// <summary>Before the updates of a feature in a step, once.</summary>
    /// <param name="own">The feature's numbers.</param>
    void Begin(double* own);

    /// <summary>What is to be taken away, times the rate; changes the rule's state of these lanes.</summary>
    /// <param name="lane">The first of four classes.</param>
    Vector256<double> Update(double* own, int lane, Vector256<double> gradient);

    /// <summary>
    /// What the rule makes of small gradients that stay: the metric in which it steps, and so penalties act. It changes only with
    /// updates of the same feature; 0 while nothing is known of it.
    /// </summary>
    Vector256<double> SizeOf(double* own, int lane, Vector256<double> gradient);
}

/// <summary>Gradients as they are: stochastic gradient descent.</summary>
readonly unsafe struct PlainRule : IUpdateRule
{
    public void Begin(double* own)
    {
    }

    public Vector256<double> Update(double* own, int lane, Vector256<double> gradient) => gradient;

    public Vector256<double> SizeOf(double* own, int lane, Vector256<double> gradient) => gradient;
}
