using DistTrain.Data.Storage;

namespace DistTrain.Learning;

/// <summary>K classes of D features, with one intercept per class.</summary>
/// <param name="ClassCount">K: the classes that the softmax ranges over.</param>
/// <param name="InactiveClassCount">
/// Classes that rows may have and the softmax does not: without parameters, never given, only counted.
/// </param>
/// <param name="SparseCount">
/// How many of the features, the last ones, are held sparse: what a batch touches of them is summed apart.
/// </param>
public readonly record struct ModelShape(int ClassCount, int FeatureCount, int InactiveClassCount = 0, int SparseCount = 0)
{
    /// <summary>Classes whose gradient is summed: class 0's is minus the sum of the others.</summary>
    public int FreeClassCount => ClassCount - 1;

    /// <summary>Features not held sparse: the first ones.</summary>
    public int SparseFirst => FeatureCount - SparseCount;

    /// <summary>Classes that rows may have.</summary>
    public int ObservedClassCount => ClassCount + InactiveClassCount;

    /// <summary>K·D + K.</summary>
    public int ParameterCount => checked(ClassCount * (FeatureCount + 1));

    /// <summary>The shape of models of a dataset.</summary>
    public static ModelShape Of(DatasetManifest manifest) =>
        new(manifest.ClassCount, manifest.FeatureCount, manifest.InactiveClasses.Length, manifest.Layout.SparseCount);
}
