using System.Runtime.Intrinsics.X86;
using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// How the dense kernels part the free classes: into as few groups of alike size as registers allow, so that each number of a row is loaded
/// once for several classes. What comes out for a class does not depend on the others of its group.
/// </summary>
static class ClassGroups
{
    /// <summary>Three classes by four vectors fill sixteen registers; with thirty-two there is room for a fourth.</summary>
    static readonly int SizeMax = Avx512F.VL.IsSupported ? 4 : 3;

    public static int CountOf(int classCount) => (classCount + SizeMax - 1) / SizeMax;

    /// <summary>First class of a group; of the group after the last: how many classes there are.</summary>
    public static int StartOf(int group, int groupCount, int classCount) => Pieces.StartOf(group, groupCount, classCount);
}
