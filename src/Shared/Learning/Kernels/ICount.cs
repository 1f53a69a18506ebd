namespace DistTrain.Learning.Kernels;

/// <summary>A number from 1 to 4 that the compiler knows: what more of them would need is not even compiled.</summary>
interface ICount
{
    static abstract int Value { get; }
}

readonly struct One : ICount
{
    public static int Value => 1;
}

readonly struct Two : ICount
{
    public static int Value => 2;
}

readonly struct Three : ICount
{
    public static int Value => 3;
}

readonly struct Four : ICount
{
    public static int Value => 4;
}
