using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>Reads the numbers of dense rows of one <see cref="DenseFormat"/> by pointer. All formats give float32, which kernels compute with.</summary>
unsafe interface IDenseValues
{
    static abstract int ValueBytes { get; }

    /// <summary>Eight numbers of a row from number <paramref name="first"/> on.</summary>
    static abstract Vector256<float> Load(byte* row, nint first);

    /// <summary>Four numbers in double.</summary>
    static abstract Vector256<double> LoadDoubles(byte* row, nint first);
}

/// <summary>Rows of <see cref="DenseFormat.Full"/>.</summary>
readonly unsafe struct Float32Values : IDenseValues
{
    public static int ValueBytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint first) => Vector256.Load((float*)row + first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> LoadDoubles(byte* row, nint first) =>
        Vector256.WidenLower(Vector128.Load((float*)row + first).ToVector256Unsafe());
}

/// <summary>Rows of <see cref="DenseFormat.Bf16"/>.</summary>
readonly unsafe struct Bf16Values : IDenseValues
{
    public static int ValueBytes => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint first)
    {
        if (!Avx2.IsSupported)
            return (Vector256.WidenLower(Vector128.Load((ushort*)row + first).ToVector256Unsafe()) << 16).AsSingle();

        // One instruction besides the load, where widening and shifting are two.
        var twice = Avx2.BroadcastVector128ToVector256(row + first * sizeof(ushort));
        return Avx2.Shuffle(twice, UpperHalves).AsSingle();
    }

    /// <summary>Where the bytes of eight floats come from; −1: 0.</summary>
    static Vector256<byte> UpperHalves
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            -1, -1, 0, 1, -1, -1, 2, 3, -1, -1, 4, 5, -1, -1, 6, 7,
            -1, -1, 8, 9, -1, -1, 10, 11, -1, -1, 12, 13, -1, -1, 14, 15).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> LoadDoubles(byte* row, nint first) =>
        Vector256.WidenLower((Vector128.WidenLower(Vector64.Load((ushort*)row + first).ToVector128Unsafe()) << 16).AsSingle().ToVector256Unsafe());
}
