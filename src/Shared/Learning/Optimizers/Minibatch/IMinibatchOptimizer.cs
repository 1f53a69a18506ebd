using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Minimises by gradients of batches. Mutable: one owner steps it and, between steps, lets others read it.</summary>
/// <remarks>
/// Numbers belong to features: entry [f·K + k] of the store is class k's weight of held feature f, and feature D holds the intercepts. A
/// step costs what its features cost, however many others there are: penalties of features that are not touched are made up for when
/// they are next read (<see cref="PenaltyFlow"/>). What is read is the weights after the last step, penalties made up for.
/// </remarks>
public interface IMinibatchOptimizer : IWeightSource
{
    /// <summary>Steps taken.</summary>
    int StepCount { get; }

    /// <summary>Makes one step.</summary>
    /// <param name="gradient">
    /// Mean gradient of the batch's loss, penalties left out, at what <see cref="IWeightSource.Read"/> gives; each part is used up.
    /// </param>
    /// <returns>The penalty where the gradient was taken; of features not in the gradient, as it was when they were last in one.</returns>
    double Descend(IGradientParts gradient);

    /// <summary>Writes all that <see cref="Restore"/> needs; between steps.</summary>
    void Save(StateWriter state);

    /// <summary>Makes this optimiser, made with the same arguments, what the saved one was.</summary>
    /// <exception cref="InvalidDataException">What is read is not the state of such an optimiser.</exception>
    void Restore(StateReader saved);
}
