namespace DistTrain.Data.Storage;

/// <summary>How the numbers of dense columns lie in memory and in files.</summary>
public enum DenseFormat
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>The upper 16 bits of float32, rounded (<see cref="DistTrain.Numerics.Bfloat16"/>).</summary>
    Bf16,
}
